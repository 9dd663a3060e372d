/**
 * Room for a secret, outside of JavaScript's own heap. There a collection moves small arrays and leaves the old copy
 * behind, where no fill() reaches it; a buffer that was made on its own stays in its place.
 * @param from so many zero bytes, or bytes to copy; whoever holds the copy wipes it
 */
export function secretBytes(from: number | Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(new ArrayBuffer(typeof from === 'number' ? from : from.length));
  if (typeof from !== 'number') bytes.set(from);
  return bytes;
}
