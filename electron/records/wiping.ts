import { toPlainError } from '../../shared/errors.ts';
import type { Order } from '../../shared/sync/orders.ts';
import { ServerApi } from '../sync/api.ts';
import { instant } from './context.ts';
import { keyFile } from './opening.ts';
import { serial } from './serial.ts';
import type { SessionParts } from './session-parts.ts';
import type { StoredSession } from './stored-session.ts';
import { readMark, removeMark, type WipeMark, wipeFiles, wipeKeys, writeMark } from './wipe.ts';

/** How often a receipt that did not get through is sent again, milliseconds. */
const AGAIN_MS = 60_000;

type Parts = Pick<
  SessionParts,
  'files' | 'keys' | 'transport' | 'now' | 'log' | 'logs' | 'emptyWindow' | 'wipeReached'
>;

/** Follows an order to wipe this device, step by step, and tells the server when it is done. */
export class Wiping {
  readonly #parts: Parts;
  /** The person and the server answer at the same time. */
  readonly #inOrder = serial();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What happened here, until the person has read it. */
  get mark(): WipeMark | null {
    return readMark(this.#parts.files);
  }

  /** The keys go first. Whatever fails after this, nothing on the disk can be read any more. */
  async begin(order: Order, { server }: Pick<StoredSession, 'server'>): Promise<void> {
    const { files, keys, now, log, wipeReached } = this.#parts;
    log.warn('device.wiping', { order: order.id, kind: order.kind });
    // What the system's keychain holds only opens what is in the key file; it is told to forget it all the same.
    await keys.takeFromKeychain(keyFile(files)).catch((error: unknown) => {
      log.info('keychain.kept', { code: toPlainError(error).code });
    });
    const mark: WipeMark = {
      kind: order.kind,
      order: order.id,
      nonce: order.nonce,
      server,
      at: instant(now()),
      unsent: null,
      cleared: false,
      told: false,
      seen: false,
    };
    await wipeKeys(files, mark, wipeReached);
  }

  /**
   * The rest, with the store closed; also after a start that finds a wipe cut off.
   * @param unsent changes that went unsent; undefined when nobody counted
   */
  async finish(unsent?: number | null): Promise<void> {
    const { files, logs, emptyWindow, log, wipeReached } = this.#parts;
    const mark = this.mark;
    if (mark === null || mark.cleared) return;
    await wipeKeys(files, unsent === undefined ? mark : { ...mark, unsent }, wipeReached);
    await wipeFiles(files, logs, wipeReached);
    await emptyWindow?.();
    const now = this.mark ?? mark;
    await writeMark(files, { ...now, cleared: true });
    log.warn('device.wiped', { order: mark.order, kind: mark.kind });
  }

  /** Sends the receipt, again and again until the server has it; nobody waits for it. */
  tell(): void {
    void this.#tell().then((told) => {
      if (told || this.#stopped) return;
      this.#timer = setTimeout(() => this.tell(), AGAIN_MS);
      this.#timer.unref();
    });
  }

  /** @returns true when there is nothing left to tell */
  async #tell(): Promise<boolean> {
    const { files, transport, log } = this.#parts;
    const mark = this.mark;
    if (mark === null || mark.told || !mark.cleared) return true;
    const { order, nonce, at: wipedAt, unsent } = mark;
    try {
      await new ServerApi(mark.server, transport).receipt({ order, nonce, wipedAt, unsent });
    } catch (error) {
      const { code } = toPlainError(error);
      log.info('device.receipt_waits', { code });
      // A server that does not know the order (restored from before it) will never take the receipt.
      if (code !== 'record.not_found') return false;
    }
    try {
      await this.#inOrder(async () => {
        // The folder may belong to another process by now. It sends the receipt once more; the server takes it again.
        if (this.#stopped) return;
        const now = this.mark;
        if (now?.seen === true) await removeMark(files);
        else if (now !== null) await writeMark(files, { ...now, told: true });
      });
    } catch (error) {
      log.error('device.mark_failed', error);
    }
    return true;
  }

  /** The person has read it. The mark stays for as long as its receipt is due. */
  async seen(): Promise<void> {
    const { files } = this.#parts;
    await this.finish();
    await this.#inOrder(async () => {
      const mark = this.mark;
      if (mark === null) return;
      if (mark.told) await removeMark(files);
      else await writeMark(files, { ...mark, seen: true });
    });
  }

  /** Resolves when nothing here writes into the profile any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#inOrder(() => Promise.resolve());
  }
}
