import type { WireRow } from '../../shared/sync/wire.ts';
import type { Step } from '../ops/steps.ts';
import type { LineFilter, SyncLine, SyncLog } from '../ops/sync-log.ts';
import { instant } from '../store/environment.ts';
import { inboxId } from '../store/inbox.ts';
import type { Store } from '../store/store.ts';

const HOUR = 3_600_000;

export interface DeviceLine {
  readonly id: string;
  readonly name: string;
  readonly person: string;
  readonly platform: string;
  readonly app: string;
  readonly revoked: boolean;
  /** The person may no longer sign in. */
  readonly disabled: boolean;
  /** Its session ended because its token was used twice; nobody has signed in on it since. */
  readonly tokenCopied: boolean;
  /** Milliseconds since it was level with the server; null when it never was. */
  readonly lag: number | null;
  readonly seenToday: boolean;
  readonly waiting: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly conflicts: number;
}

export interface Today {
  readonly pushes: number;
  readonly pulls: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly changes: number;
  readonly conflicts: number;
  readonly conflictPeople: number;
  readonly refusals: number;
  readonly refusalPeople: number;
}

/** A value that was kept because another one stands. */
export interface KeptConflict {
  readonly subject: string;
  readonly field: string;
  readonly base: unknown;
  readonly server: { readonly value: unknown; readonly by: string };
  readonly device: { readonly value: unknown; readonly by: string; readonly offline: boolean };
  readonly open: boolean;
  readonly owner: string;
  readonly since: string;
}

export interface ExchangeDetail {
  readonly line: SyncLine;
  readonly steps: readonly (Step & { readonly name: string })[];
  readonly conflicts: readonly KeptConflict[];
}

/** What the console shows of one company. */
export class Overview {
  readonly #store: Store;
  readonly #log: SyncLog;
  readonly #tenant: string;

  constructor(store: Store, log: SyncLog, tenant: string) {
    this.#store = store;
    this.#log = log;
    this.#tenant = tenant;
  }

  get #midnight(): string {
    return `${instant(this.#store.environment.now()).slice(0, 10)}T00:00:00.000Z`;
  }

  lines(filter: LineFilter): Promise<SyncLine[]> {
    return this.#log.lines(this.#tenant, filter);
  }

  /** Sums since midnight UTC. */
  async today(): Promise<Today> {
    const perPerson = await this.#store.db
      .selectFrom('sync_log')
      .select((eb) => [
        'user',
        eb.fn.sum<number>('pushes').as('pushes'),
        eb.fn.sum<number>('pulls').as('pulls'),
        eb.fn.sum<number>('rows_in').as('rowsIn'),
        eb.fn.sum<number>('rows_out').as('rowsOut'),
        eb.fn.sum<number>('changes').as('changes'),
        eb.fn.sum<number>('conflicts').as('conflicts'),
        eb.fn.sum<number>('refusals').as('refusals'),
      ])
      .where('tenant', '=', this.#tenant)
      .where('started_at', '>=', this.#midnight)
      .groupBy('user')
      .execute();
    const sum = (name: Exclude<keyof (typeof perPerson)[number], 'user'>) =>
      perPerson.reduce((total, person) => total + Number(person[name]), 0);
    return {
      pushes: sum('pushes'),
      pulls: sum('pulls'),
      rowsIn: sum('rowsIn'),
      rowsOut: sum('rowsOut'),
      changes: sum('changes'),
      conflicts: sum('conflicts'),
      conflictPeople: perPerson.filter(({ conflicts }) => Number(conflicts) > 0).length,
      refusals: sum('refusals'),
      refusalPeople: perPerson.filter(({ refusals }) => Number(refusals) > 0).length,
    };
  }

  async devices(): Promise<DeviceLine[]> {
    const now = this.#store.environment.now();
    const [devices, copied, sums] = await Promise.all([
      this.#store.devices.list(this.#tenant),
      this.#store.devices.copied(this.#tenant),
      this.#store.db
        .selectFrom('sync_log')
        .select((eb) => [
          'device',
          eb.fn.sum<number>('rows_in').as('rowsIn'),
          eb.fn.sum<number>('rows_out').as('rowsOut'),
          eb.fn.sum<number>('conflicts').as('conflicts'),
        ])
        .where('tenant', '=', this.#tenant)
        .where('started_at', '>=', this.#midnight)
        .groupBy('device')
        .execute(),
    ]);
    const byDevice = new Map(sums.map((sum) => [sum.device, sum]));
    return devices.map((device) => ({
      id: device.id,
      name: device.name,
      person: device.user_name,
      platform: device.platform,
      app: device.app,
      revoked: device.revoked_at !== null,
      disabled: device.user_active !== 1,
      tokenCopied: copied.has(device.id),
      lag: device.last_sync_at === null ? null : Math.max(0, now - Date.parse(device.last_sync_at)),
      seenToday: device.last_seen_at >= this.#midnight,
      waiting: Number(device.waiting),
      rowsIn: Number(byDevice.get(device.id)?.rowsIn ?? 0),
      rowsOut: Number(byDevice.get(device.id)?.rowsOut ?? 0),
      conflicts: Number(byDevice.get(device.id)?.conflicts ?? 0),
    }));
  }

  /** Rows out and in per minute of the last hour, oldest first. */
  async lastHour(): Promise<{ at: number; rowsIn: number; rowsOut: number }[]> {
    const end = Math.floor(this.#store.environment.now() / 60_000) * 60_000;
    const start = end - HOUR + 60_000;
    const lines = await this.#store.db
      .selectFrom('sync_log')
      .select(['started_at', 'rows_in', 'rows_out'])
      .where('tenant', '=', this.#tenant)
      .where('started_at', '>=', instant(start))
      .execute();
    const minutes = Array.from({ length: 60 }, (_, index) => ({
      at: start + index * 60_000,
      rowsIn: 0,
      rowsOut: 0,
    }));
    for (const line of lines) {
      const minute = minutes[Math.floor((Date.parse(line.started_at) - start) / 60_000)];
      if (minute === undefined) continue;
      minute.rowsIn += Number(line.rows_in);
      minute.rowsOut += Number(line.rows_out);
    }
    return minutes;
  }

  /** One line with its steps, the names of the records they speak of, and the values that wait for a person. */
  async exchange(line: SyncLine): Promise<ExchangeDetail> {
    const steps = JSON.parse(line.steps) as Step[];
    const names = await this.#names(steps.flatMap(({ record }) => (record === undefined ? [] : [record])));
    const conflicts = await Promise.all(
      steps
        .filter((step) => step.record !== undefined && step.field !== undefined)
        .map((step) => this.#conflict(line, step)),
    );
    return {
      line,
      steps: steps.map((step) => ({ ...step, name: names.get(step.record ?? '') ?? '' })),
      conflicts: conflicts.filter((conflict) => conflict !== undefined),
    };
  }

  async #names(records: readonly string[]): Promise<Map<string, string>> {
    if (records.length === 0) return new Map();
    const found = await this.#store.db
      .selectFrom('rows')
      .select(['id', 'name'])
      .where('tenant', '=', this.#tenant)
      .where('id', 'in', records)
      .execute();
    return new Map(found.map(({ id, name }) => [id, name]));
  }

  async #conflict(line: SyncLine, step: Step): Promise<KeptConflict | undefined> {
    const id = inboxId(this.#tenant, step.record ?? '', step.field ?? '', line.device);
    const stored = await this.#store.db
      .selectFrom('rows')
      .select('json')
      .where('tenant', '=', this.#tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    if (stored === undefined) return undefined;
    const row = JSON.parse(stored.json) as WireRow;
    const server = row.body.server as { value: unknown; user: string };
    const device = row.body.device as { value: unknown; user: string; offline?: boolean };
    const people = await this.#names([server.user, device.user, row.owner]);
    return {
      subject: String(row.body.subject),
      field: String(row.body.field),
      base: row.body.base,
      server: { value: server.value, by: people.get(server.user) ?? 'the server' },
      device: { value: device.value, by: people.get(device.user) ?? '', offline: device.offline === true },
      open: row.body.status === 'open',
      owner: people.get(row.owner) ?? 'its owner',
      since: String(row.body.at),
    };
  }
}
