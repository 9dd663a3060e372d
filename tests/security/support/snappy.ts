/** Undoes Snappy's block format (format_description.txt of google/snappy); null when the bytes are not that. */
export function unsnappy(input: Buffer, maxLength = 64 << 20): Buffer | null {
  const head = readVarint(input, 0);
  if (head === null || head.value > maxLength) return null;
  const output = Buffer.alloc(head.value);
  let at = head.next;
  let length = 0;
  while (at < input.length && length < output.length) {
    const tag = input[at] ?? 0;
    at += 1;
    if ((tag & 3) === 0) {
      let size = tag >> 2;
      if (size >= 60) {
        const bytes = size - 59;
        if (at + bytes > input.length) return null;
        size = input.readUIntLE(at, bytes);
        at += bytes;
      }
      size += 1;
      if (at + size > input.length || length + size > output.length) return null;
      input.copy(output, length, at, at + size);
      at += size;
      length += size;
    } else {
      const copy = readCopy(input, at, tag);
      if (copy === null || copy.offset === 0 || copy.offset > length) return null;
      if (length + copy.size > output.length) return null;
      // Byte by byte: a copy may read what it has just written.
      for (let n = 0; n < copy.size; n += 1) output[length + n] = output[length + n - copy.offset] ?? 0;
      length += copy.size;
      at = copy.next;
    }
  }
  return length === output.length ? output : null;
}

function readCopy(input: Buffer, at: number, tag: number) {
  if ((tag & 3) === 1) {
    if (at + 1 > input.length) return null;
    return { size: ((tag >> 2) & 7) + 4, offset: ((tag >> 5) << 8) | input.readUInt8(at), next: at + 1 };
  }
  const bytes = (tag & 3) === 2 ? 2 : 4;
  if (at + bytes > input.length) return null;
  return { size: (tag >> 2) + 1, offset: input.readUIntLE(at, bytes), next: at + bytes };
}

/** Little-endian base-128 number, as Snappy and LevelDB write lengths. */
export function readVarint(input: Buffer, at: number): { value: number; next: number } | null {
  let value = 0;
  for (let n = 0; n < 5; n += 1) {
    const byte = input[at + n];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * n);
    if (byte < 0x80) return { value, next: at + n + 1 };
  }
  return null;
}
