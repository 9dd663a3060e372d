type Send = (method: string, params?: object) => Promise<unknown>;

/** One connection: requests with their answers, and what is told without being asked. */
class Connection {
  readonly #socket: WebSocket;
  readonly #heard: (method: string, params: unknown) => void;
  readonly #waiting = new Map<number, { done: (value: unknown) => void; fail: (error: Error) => void }>();
  #next = 1;

  private constructor(socket: WebSocket, heard: (method: string, params: unknown) => void) {
    this.#socket = socket;
    this.#heard = heard;
    socket.addEventListener('message', (event) => this.#receive(String(event.data)));
    socket.addEventListener('close', () => {
      for (const { fail } of this.#waiting.values()) fail(new Error('The app has gone.'));
      this.#waiting.clear();
    });
  }

  static async open(url: string, heard: (method: string, params: unknown) => void): Promise<Connection> {
    const socket = new WebSocket(url);
    await new Promise((done, fail) => {
      socket.addEventListener('open', done, { once: true });
      socket.addEventListener('error', () => fail(new Error(`Nothing answers at ${url}`)), { once: true });
    });
    return new Connection(socket, heard);
  }

  send(method: string, params: object = {}, session?: string): Promise<unknown> {
    const id = this.#next;
    this.#next += 1;
    this.#socket.send(JSON.stringify({ id, method, params, ...(session ? { sessionId: session } : {}) }));
    return new Promise((done, fail) => this.#waiting.set(id, { done, fail }));
  }

  close(): void {
    this.#socket.close();
  }

  #receive(text: string): void {
    const message = JSON.parse(text);
    if (message.id === undefined) {
      this.#heard(message.method, message.params);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    if (message.error) waiting.fail(new Error(message.error.message));
    else waiting.done(message.result);
  }
}

/**
 * A small client of Chromium's debugging protocol. A test driver would do, but it takes hundreds of milliseconds of a
 * start for itself and would flatter every ratio of cold starts.
 */
export class DevTools {
  readonly #connection: Connection;
  readonly #first: Promise<string>;

  private constructor(connection: Connection, first: Promise<string>) {
    this.#connection = connection;
    this.#first = first;
  }

  static async connect(url: string): Promise<DevTools> {
    let attached: (session: string) => void = () => undefined;
    const first = new Promise<string>((done) => {
      attached = done;
    });
    const connection = await Connection.open(url, (method, params) => {
      if (method !== 'Target.attachedToTarget') return;
      const { sessionId, targetInfo } = params as { sessionId: string; targetInfo: { type: string } };
      if (targetInfo.type === 'page') attached(sessionId);
    });
    await connection.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: true,
    });
    return new DevTools(connection, first);
  }

  /** The first window. */
  async page(): Promise<Page> {
    const session = await this.#first;
    return new Page((method, params) => this.#connection.send(method, params, session));
  }

  close(): void {
    this.#connection.close();
  }
}

/** The inspector of a Node process: expressions run in its global scope. */
export class Inspector {
  readonly page: Page;
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
    this.page = new Page((method, params) => connection.send(method, params));
  }

  static async connect(url: string): Promise<Inspector> {
    return new Inspector(await Connection.open(url, () => undefined));
  }

  close(): void {
    this.#connection.close();
  }
}

interface Evaluated {
  readonly result: { readonly value: unknown };
  readonly exceptionDetails?: {
    readonly text: string;
    readonly exception?: { readonly description: string };
  };
}

const NAVIGATED = /context was destroyed|Cannot find (default execution )?context|navigated or closed/i;

export class Page {
  readonly send: Send;

  constructor(send: Send) {
    this.send = send;
  }

  /** Runs an expression in the page and waits for its promise; again when the page was only about to be loaded. */
  async evaluate(expression: string): Promise<unknown> {
    try {
      return await this.#evaluate(expression);
    } catch (error) {
      if (!(error instanceof Error) || !NAVIGATED.test(error.message)) throw error;
      return this.evaluate(expression);
    }
  }

  async #evaluate(expression: string): Promise<unknown> {
    const answer = (await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })) as Evaluated;
    if (answer.exceptionDetails) {
      throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
    }
    return answer.result.value;
  }

  /** Time (ms since 1970) at which an element that matches was on the screen. Watches, does not poll. */
  async shownAt(selector: string, timeout = 60_000): Promise<number> {
    return Number(
      await this.evaluate(`new Promise((done, fail) => {
        const there = () => document.querySelector(${JSON.stringify(selector)});
        const painted = () => requestAnimationFrame(() => setTimeout(() => done(Date.now())));
        if (there()) return painted();
        const observer = new MutationObserver(() => { if (there()) { observer.disconnect(); painted(); } });
        observer.observe(document, { childList: true, subtree: true, attributes: true });
        setTimeout(() => fail(new Error(${JSON.stringify(`${selector} was not shown`)})), ${timeout});
      })`),
    );
  }

  /** Time (ms since 1970) of the first paint with content in it. */
  async firstPaintAt(): Promise<number> {
    return Number(
      await this.evaluate(`new Promise((done) => {
        const tell = (entry) => done(performance.timeOrigin + entry.startTime);
        new PerformanceObserver((list) => list.getEntriesByName('first-contentful-paint').forEach(tell))
          .observe({ type: 'paint', buffered: true });
      })`),
    );
  }

  /** Types into what has the focus, as the keyboard does. */
  async type(text: string): Promise<void> {
    await this.send('Input.insertText', { text });
  }

  async press(key: string, code = key, keyCode = 13): Promise<void> {
    const event = { key, code, windowsVirtualKeyCode: keyCode, text: key === 'Enter' ? '\r' : '' };
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', ...event });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
  }
}
