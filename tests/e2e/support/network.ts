import { createConnection, createServer, type Server, type Socket } from 'node:net';

/**
 * The network between one device and the server: a TCP relay on loopback.
 * - up: bytes pass
 * - cut: connections are refused and the open ones are reset, as when the cable is out
 * - dead: connections stand and nothing passes, as in a lift
 */
export type NetworkState = 'up' | 'cut' | 'dead';

export class Network {
  readonly #target: number;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #server: Server | undefined;
  #port = 0;
  #state: NetworkState = 'up';
  #delay = 0;
  /** Everything that passed, for tests that look for secrets elsewhere; undefined until somebody listens. */
  #heard: Buffer[] | undefined;

  private constructor(target: number) {
    this.#target = target;
  }

  /** @param target port on loopback where the server listens */
  static async to(target: number): Promise<Network> {
    const network = new Network(target);
    await network.#open();
    return network;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get state(): NetworkState {
    return this.#state;
  }

  /** Milliseconds that every chunk of bytes is late, each way. */
  delay(millis: number): void {
    this.#delay = millis;
  }

  /** Begins to keep what passes; the returned function answers with all of it as text, byte for byte. */
  listen(): () => string {
    const heard: Buffer[] = [];
    this.#heard = heard;
    return () => Buffer.concat(heard).toString('latin1');
  }

  async cut(): Promise<void> {
    this.#state = 'cut';
    this.#reset();
    await this.#close();
  }

  dead(): void {
    this.#state = 'dead';
    for (const [near, far] of this.#pairs) {
      near.pause();
      far.pause();
    }
  }

  async up(): Promise<void> {
    this.#state = 'up';
    // What was swallowed cannot be given back: those connections end, as they do when a phone finds a new cell.
    this.#reset();
    if (this.#server === undefined) await this.#open();
  }

  async close(): Promise<void> {
    this.#reset();
    await this.#close();
  }

  #open(): Promise<void> {
    const server = createServer((near) => this.#relay(near));
    this.#server = server;
    return new Promise((done, fail) => {
      server.once('error', fail);
      // The same port again: the device knows only this address.
      server.listen(this.#port, '127.0.0.1', () => {
        const address = server.address();
        if (address !== null && typeof address === 'object') this.#port = address.port;
        done();
      });
    });
  }

  #relay(near: Socket): void {
    if (this.#state === 'dead') {
      near.pause();
      this.#keep(near, near);
      return;
    }
    const far = createConnection(this.#target, '127.0.0.1');
    near.setNoDelay(true);
    far.setNoDelay(true);
    this.#keep(near, far);
    this.#pass(near, far);
    this.#pass(far, near);
  }

  #pass(from: Socket, to: Socket): void {
    from.on('data', (chunk: Buffer) => {
      this.#heard?.push(chunk);
      const send = () => {
        if (to.writable && !to.write(chunk)) {
          from.pause();
          to.once('drain', () => this.#state === 'up' && from.resume());
        }
      };
      if (this.#delay > 0) setTimeout(send, this.#delay);
      else send();
    });
    from.on('end', () => to.end());
  }

  #keep(near: Socket, far: Socket): void {
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    const drop = () => {
      near.destroy();
      far.destroy();
      this.#pairs.delete(pair);
    };
    // A reset is what this relay is for; both ends then close.
    for (const socket of new Set(pair)) socket.on('error', drop).on('close', drop);
  }

  #reset(): void {
    for (const [near, far] of this.#pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
    this.#pairs.clear();
  }

  #close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return Promise.resolve();
    return new Promise((done) => server.close(() => done()));
  }
}
