import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import type { StoreApi } from '../store/contract.ts';
import { readAll } from '../store/read-all.ts';
import type { ProfileFiles } from './profile.ts';
import { serial } from './serial.ts';

/** What the lock screen says: how many changes wait, and how much is due on which day. Numbers, nothing else. */
export interface Notice {
  readonly waiting: number;
  /** Day (yyyy-mm-dd) and how many of the person's open activities are due on it. */
  readonly due: Readonly<Record<string, number>>;
}

/** Most activities that are counted; whoever has more sees that it is at least so many. */
const MOST = 500;
/** A device that stays locked for longer says nothing of what became due. */
const DAYS_AHEAD = 30;
const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Null where the file is absent or torn: then the numbers are not known, which the screen can say. */
export function readNotice(files: ProfileFiles): Notice | null {
  try {
    const { waiting, due } = JSON.parse(readFileSync(files.notice, 'utf8')) as Record<string, unknown>;
    if (!isCount(waiting)) return null;
    const days = typeof due === 'object' && due !== null ? Object.entries(due) : [];
    return {
      waiting,
      due: Object.fromEntries(days.filter(([day, count]) => DAY.test(day) && isCount(count))),
    };
  } catch {
    return null;
  }
}

/** How many are due by the end of that day. */
export function dueBy(notice: Notice, day: string): number {
  return Object.entries(notice.due).reduce((sum, [on, count]) => (on <= day ? sum + count : sum), 0);
}

export async function dueByDay(store: StoreApi, user: string, now: number): Promise<Notice['due']> {
  const last = new Date(now + DAYS_AHEAD * DAY_MS).toISOString().slice(0, 10);
  const docs = await readAll(
    store,
    {
      collection: 'activities',
      selector: {
        $and: [
          { owner: { $eq: user } },
          { 'body.status': { $eq: 'open' } },
          { 'body.dueOn': { $gt: '', $lte: last } },
        ],
      },
      sort: [{ path: 'body.dueOn', direction: 'asc' }],
    },
    MOST,
  );
  const due: Record<string, number> = {};
  for (const { body } of docs) {
    const { dueOn } = body as { dueOn?: unknown };
    if (typeof dueOn === 'string' && DAY.test(dueOn)) due[dueOn] = (due[dueOn] ?? 0) + 1;
  }
  return due;
}

/** Keeps the notice: one write after the other, and only when something in it changed. */
export class NoticeKeeper {
  readonly #files: ProfileFiles;
  readonly #inOrder = serial();
  #notice: Notice;
  #written = '';

  constructor(files: ProfileFiles) {
    this.#files = files;
    this.#notice = readNotice(files) ?? { waiting: 0, due: {} };
  }

  keep(change: Partial<Notice>): Promise<void> {
    this.#notice = { ...this.#notice, ...change };
    return this.#inOrder(async () => {
      const text = JSON.stringify(this.#notice);
      if (text === this.#written) return;
      const { folder, notice } = this.#files;
      await mkdir(folder, { recursive: true });
      await writeFile(`${notice}.new`, text, { mode: 0o600 });
      await rename(`${notice}.new`, notice);
      this.#written = text;
    });
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
