import { type Static, type TSchema, Type } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { type ErrorDetails, isErrorCode, RoadbookError } from '../../shared/errors.ts';
import { type LeaveRequest, LeaveResponse, type Receipt } from '../../shared/sync/orders.ts';
import {
  Hello,
  PROTOCOL,
  type PullRequest,
  PullResponse,
  type PushRequest,
  PushResponse,
  type RefreshRequest,
  routes,
  type SignInRequest,
  SignInResponse,
  type SyncReport,
  Tokens,
} from '../../shared/sync/wire.ts';
import { ending } from './ending.ts';

/** The one thing taken from outside: `fetch`, or a test's bad network. */
export type Transport = (url: string, init: RequestInit) => Promise<Response>;

const SHORT_MS = 15_000;
const LONG_MS = 120_000;

/** Answers of the server, with the number of bytes that arrived. */
export interface Received<T> {
  readonly value: T;
  readonly bytes: number;
}

/**
 * The server's routes as functions. Errors are of the catalogue: the server's own codes, `sync.offline` when no
 * answer came, `sync.bad_address` when something else than a Roadbook server answered, `sync.not_trusted` when its
 * certificate is not believed.
 */
export class ServerApi {
  readonly #base: string;
  readonly #transport: Transport;
  readonly #signal: AbortSignal | undefined;
  readonly #ordered: (order: unknown) => void;

  /**
   * @param base a normalised address
   * @param signal ends every request
   * @param ordered hears whatever comes as an order to this device, with an answer or with a refusal; not yet checked
   */
  constructor(
    base: string,
    transport: Transport,
    signal?: AbortSignal,
    ordered: (order: unknown) => void = () => undefined,
  ) {
    this.#base = base;
    this.#transport = transport;
    this.#signal = signal;
    this.#ordered = ordered;
  }

  /** What the server says of itself. One that gives this version nothing any more still takes what it has to send. */
  async hello(millis = SHORT_MS): Promise<Hello> {
    const { value } = await this.#ask(routes.hello, { method: 'GET' }, validators.hello(), millis);
    if (value.protocol < PROTOCOL) throw new RoadbookError('sync.bad_address');
    return value;
  }

  async signIn(request: SignInRequest): Promise<SignInResponse> {
    return (await this.#post(routes.signIn, request, validators.signIn(), SHORT_MS)).value;
  }

  async refresh(request: RefreshRequest): Promise<Tokens> {
    return (await this.#post(routes.refresh, request, validators.tokens(), SHORT_MS)).value;
  }

  async push(request: PushRequest, token: string): Promise<PushResponse> {
    return (await this.#post(routes.push, request, validators.push(), LONG_MS, token)).value;
  }

  pull(request: PullRequest, token: string, signal?: AbortSignal): Promise<Received<PullResponse>> {
    return this.#post(routes.pull, request, validators.pull(), LONG_MS, token, signal);
  }

  async report(request: SyncReport, token: string): Promise<void> {
    await this.#post(routes.report, request, validators.anything(), SHORT_MS, token);
  }

  /** Asks for the order to leave the company; it is heard like every order. */
  async leave(token: string): Promise<void> {
    const body: Static<typeof LeaveRequest> = {};
    await this.#post(routes.leave, body, validators.leave(), SHORT_MS, token);
  }

  /** This device is wiped; it has no token any more. */
  async receipt(receipt: Receipt): Promise<void> {
    await this.#post(routes.receipt, receipt, validators.anything(), SHORT_MS);
  }

  /** The live stream's bytes. `signal` ends the wait for it; who reads the stream ends it by cancelling. */
  async live(token: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${token}` };
    const response = await ending([signal, this.#signal], SHORT_MS, (ended) =>
      this.#send(routes.live, { method: 'GET', headers, signal: ended }),
    );
    if (!response.ok) throw await this.#problem(response);
    if (response.body === null) throw new RoadbookError('sync.offline');
    return response.body;
  }

  #post<T>(
    path: string,
    body: unknown,
    validator: Checked<T>,
    millis: number,
    token?: string,
    signal?: AbortSignal,
  ): Promise<Received<T>> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    return this.#ask(path, init, validator, millis, signal);
  }

  async #ask<T>(
    path: string,
    init: RequestInit,
    validator: Checked<T>,
    millis: number,
    signal?: AbortSignal,
  ): Promise<Received<T>> {
    const text = await ending([signal, this.#signal], millis, async (ended) => {
      const response = await this.#send(path, { ...init, signal: ended });
      if (!response.ok) throw await this.#problem(response);
      return readText(response);
    });
    const value = parse(text);
    if (!validator.Check(value)) throw new RoadbookError('sync.bad_address');
    const { order } = (value ?? {}) as { order?: unknown };
    if (order !== undefined) this.#ordered(order);
    return { value: value as T, bytes: text.length };
  }

  /** What the server says against a request. An order that it brings along is told, and is no part of the error. */
  async #problem(response: Response): Promise<RoadbookError> {
    const error = await problemOf(response);
    const { order, ...details } = error.details;
    if (typeof order !== 'string') return error;
    this.#ordered(parse(order));
    return new RoadbookError(error.code, details, { cause: error.cause });
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    try {
      // A redirect would carry the token to an address that nobody typed.
      return await this.#transport(`${this.#base}${path}`, { ...init, redirect: 'error' });
    } catch (error) {
      // The way to the server knows better what is wrong.
      if (error instanceof RoadbookError) throw error;
      const reason = distrust(error);
      if (reason !== undefined) throw new RoadbookError('sync.not_trusted', { reason }, { cause: error });
      throw new RoadbookError('sync.offline', {}, { cause: error });
    }
  }
}

/** Codes of OpenSSL, as Node names them, that mean a certificate which cannot be believed. */
const DISTRUST =
  /^(?:CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|ERR_TLS_CERT_|CRL_|HOSTNAME_MISMATCH)/;

/** Why a server was not believed; undefined where the line is the reason. Waiting does not mend a certificate. */
function distrust(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string' && DISTRUST.test(code)) return code;
  }
  return undefined;
}

/** A validator, with the type that it checks for. */
interface Checked<T> extends Pick<Validator, 'Check'> {
  readonly checks?: T;
}

/** Compiled on first use: a start does not pay for what it does not ask. */
const compiled = (schema: TSchema) => {
  let known: Validator | undefined;
  return () => {
    known ??= Compile(schema) as Validator;
    return known;
  };
};

const validators = {
  hello: compiled(Hello) as () => Checked<Hello>,
  signIn: compiled(SignInResponse) as () => Checked<SignInResponse>,
  tokens: compiled(Tokens) as () => Checked<Tokens>,
  push: compiled(PushResponse) as () => Checked<PushResponse>,
  pull: compiled(PullResponse) as () => Checked<PullResponse>,
  leave: compiled(LeaveResponse) as () => Checked<LeaveResponse>,
  anything: compiled(Type.Unknown()) as () => Checked<unknown>,
};

async function readText(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    // The answer broke off: whether the request was carried out is not known, which every request can bear.
    throw new RoadbookError('sync.offline', {}, { cause: error });
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    // Not JSON: a portal or a proxy answered in the server's place.
    return undefined;
  }
}

/** The error that a problem document names; anything else that answers with an error is not reachable as a server. */
async function problemOf(response: Response): Promise<RoadbookError> {
  const body = parse(await readText(response)) as { code?: unknown; details?: unknown } | null | undefined;
  if (typeof body?.code === 'string' && isErrorCode(body.code)) {
    const details = typeof body.details === 'object' && body.details !== null ? body.details : {};
    return new RoadbookError(body.code, details as ErrorDetails);
  }
  // A proxy before the server may say so in words of its own: later, or less at once, may still go through.
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after')) || 60;
    return new RoadbookError('request.rate_limited', { seconds });
  }
  if (response.status === 413) return new RoadbookError('request.too_large');
  return new RoadbookError(response.status >= 500 ? 'sync.offline' : 'sync.bad_address');
}
