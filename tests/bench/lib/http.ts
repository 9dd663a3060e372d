import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Bytes of the body as they travelled. */
  readonly bytes: number;
}

/**
 * One POST over a kept connection, without the decompression and the checks of fetch: what is measured is the server.
 */
export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });

  post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const text = JSON.stringify(body);
    return new Promise((done, fail) => {
      const sent = request(
        url,
        {
          method: 'POST',
          agent: this.#agent,
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(text),
            ...headers,
          },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.once('error', fail);
          response.once('end', () => {
            const whole = Buffer.concat(parts);
            done({ status: response.statusCode ?? 0, text: whole.toString('utf8'), bytes: whole.length });
          });
        },
      );
      sent.once('error', fail);
      sent.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
