/**
 * A small client of Chromium's debugging protocol. A test driver would do, but it takes hundreds of milliseconds of a
 * start for itself and would flatter every ratio of cold starts.
 */
export class DevTools {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { done: (value: unknown) => void; fail: (error: Error) => void }>();
  readonly #pages: { session: string; type: string }[] = [];
  readonly #pageWaiters: (() => void)[] = [];
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', (event) => this.#receive(String(event.data)));
    socket.addEventListener('close', () => {
      for (const { fail } of this.#waiting.values()) fail(new Error('The app has gone.'));
      this.#waiting.clear();
    });
  }

  static async connect(url: string): Promise<DevTools> {
    const socket = new WebSocket(url);
    await new Promise((done, fail) => {
      socket.addEventListener('open', done, { once: true });
      socket.addEventListener('error', () => fail(new Error(`No debugging port at ${url}`)), { once: true });
    });
    const tools = new DevTools(socket);
    await tools.#send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: true,
    });
    return tools;
  }

  /** The first window. */
  async page(): Promise<Page> {
    for (;;) {
      const found = this.#pages.find((page) => page.type === 'page');
      if (found) return new Page((method, params) => this.#send(method, params, found.session));
      await new Promise<void>((done) => this.#pageWaiters.push(done));
    }
  }

  close(): void {
    this.#socket.close();
  }

  #send(method: string, params: object = {}, session?: string): Promise<unknown> {
    const id = this.#next;
    this.#next += 1;
    this.#socket.send(JSON.stringify({ id, method, params, ...(session ? { sessionId: session } : {}) }));
    return new Promise((done, fail) => this.#waiting.set(id, { done, fail }));
  }

  #receive(text: string): void {
    const message = JSON.parse(text);
    if (message.method === 'Target.attachedToTarget') {
      this.#pages.push({ session: message.params.sessionId, type: message.params.targetInfo.type });
      for (const waiter of this.#pageWaiters.splice(0)) waiter();
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    if (message.error) waiting.fail(new Error(message.error.message));
    else waiting.done(message.result);
  }
}

type Send = (method: string, params?: object) => Promise<unknown>;

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
