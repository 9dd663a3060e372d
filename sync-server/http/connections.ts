import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Knows which sockets of a server wait for an answer. Node's own `close()` waits for every socket that was opened and
 * has not sent anything yet, browsers open such ones ahead of need, and `closeIdleConnections()` passes them over.
 */
export class Connections {
  /** Requests under way on each open socket. */
  readonly #open = new Map<Socket, number>();
  #closing = false;

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#open.set(socket, 0);
      socket.once('close', () => this.#open.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#begin(request.socket);
      response.once('close', () => this.#end(request.socket));
    });
  }

  /**
   * Closes what waits for nothing at once, everything else with its answer, and what is left after the grace without one.
   * @param grace milliseconds
   */
  close(grace: number): void {
    if (this.#closing) return;
    this.#closing = true;
    for (const [socket, requests] of this.#open) if (requests === 0) socket.destroy();
    const late = setTimeout(() => {
      for (const socket of this.#open.keys()) socket.destroy();
    }, grace);
    late.unref();
  }

  #begin(socket: Socket): void {
    this.#open.set(socket, (this.#open.get(socket) ?? 0) + 1);
  }

  #end(socket: Socket): void {
    const requests = this.#open.get(socket);
    if (requests === undefined) return;
    this.#open.set(socket, requests - 1);
    // What was written is sent first.
    if (this.#closing && requests === 1) socket.destroySoon();
  }
}
