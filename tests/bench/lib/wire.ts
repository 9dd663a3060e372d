/** A network that counts what passes and can be taken away, as the sync client's own `fetch`. */
export class Wire {
  /** Bytes of bodies, both ways, before compression. */
  bytes = 0;
  requests = 0;
  online = true;

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    if (!this.online) throw new TypeError('fetch failed');
    this.requests += 1;
    if (typeof init.body === 'string') this.bytes += Buffer.byteLength(init.body);
    const response = await fetch(url, init);
    // The live stream has no end to count to.
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) return response;
    const body = response.body;
    if (body === null) return response;
    const counted = body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          this.bytes += chunk.byteLength;
          controller.enqueue(chunk);
        },
      }),
    );
    return new Response(counted, { status: response.status, headers: response.headers });
  };
}
