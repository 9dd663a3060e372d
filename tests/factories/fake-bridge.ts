import { RoadbookError, toPlainError } from '../../shared/errors.ts';
import type {
  AppState,
  AuditFilter,
  Bridge,
  CallResult,
  DeviceBackup,
  EventName,
  EventPayload,
  Filter,
  Input,
  KeychainStatus,
  MethodName,
  Output,
  RecordRow,
  Sort,
  SyncStatus,
  ViewRequest,
  ViewState,
} from '../../shared/ipc.ts';
import {
  type Body,
  type CollectionName,
  entityOf,
  fieldOf,
  isCollection,
  isScopeField,
  type Stage,
} from '../../shared/model/index.ts';
import { problemError } from '../../shared/rules/problem.ts';
import { onStageChange, stagesOf } from '../../shared/rules/stages.ts';
import { validateEdit, validateNew } from '../../shared/rules/validate.ts';
import { type DemoRecords, demoNow, demoRecords } from './demo-records.ts';

const demoBackups: DeviceBackup[] = [
  { id: 'b3', at: Date.parse('2026-11-22T07:58:00Z'), reason: 'routine', bytes: 86_540_288 },
  { id: 'b2', at: Date.parse('2026-11-21T16:12:00Z'), reason: 'asked', bytes: 86_134_784 },
  { id: 'b1', at: Date.parse('2026-11-14T08:02:00Z'), reason: 'before-restore', bytes: 84_901_888 },
];

interface FakeOptions {
  readonly records?: DemoRecords;
  /** Milliseconds before each answer. */
  readonly delay?: number;
  readonly now?: () => string;
}

/** Handlers that a test puts in the way of the usual ones. */
type Overrides = { [M in MethodName]?: (input: Input<M>) => Output<M> | Promise<Output<M>> };

/**
 * A window's main process made of arrays: the same contract and the same rules, no store and no network. For component
 * tests and pictures; it is never part of the product.
 */
export class FakeBridge implements Bridge {
  readonly data: DemoRecords;
  readonly calls: { name: MethodName; input: unknown }[] = [];
  readonly overrides: Overrides = {};
  app: AppState;
  sync: SyncStatus;
  keychain: KeychainStatus = { state: 'ready', was: 'gnome_libsecret', now: 'gnome_libsecret' };
  delay: number;
  private readonly now: () => string;
  private readonly listeners = new Map<EventName, Set<(payload: never) => void>>();
  private readonly views = new Map<string, { request: ViewRequest; rows: RecordRow[]; version: number }>();
  private lastView = 0;
  private preferences: Output<'preferences.get'> = {
    theme: 'system',
    density: 'dense',
    lockMinutes: 15,
    sync: 'automatic',
  };

  constructor({ records = demoRecords(), delay = 0, now = () => demoNow }: FakeOptions = {}) {
    this.data = records;
    this.delay = delay;
    this.now = now;
    this.app = {
      phase: 'ready',
      error: null,
      suggestedServer: 'https://sync.example.com',
      deviceName: 'Nora’s laptop',
      version: '0.1.0',
      waiting: 3,
      due: 2,
      keychain: true,
      user: {
        id: records.me,
        name: 'Nora Lindqvist',
        email: 'nora.lindqvist@harbour.example',
        role: 'rep',
        tenant: 'tenant-1',
        tenantName: 'Harbour Field',
        team: 'team-central',
        territory: 'territory-central',
      },
    };
    this.sync = {
      state: 'offline',
      waiting: 3,
      needYou: 2,
      heldBack: null,
      lastSyncAt: '2017-11-14T09:34:00.000Z',
      verifiedAt: '2017-11-14T09:34:00.000Z',
      error: null,
      server: 'https://sync.example.com',
      progress: null,
    };
  }

  async call<M extends MethodName>(name: M, input: Input<M>): Promise<CallResult<Output<M>>> {
    this.calls.push({ name, input });
    if (this.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.delay));
    try {
      const own = this.overrides[name] as ((input: Input<M>) => Output<M> | Promise<Output<M>>) | undefined;
      const value = await (own === undefined ? (this.answer(name, input) as Output<M>) : own(input));
      return { ok: true, value: structuredClone(value) };
    } catch (error) {
      return { ok: false, error: toPlainError(error) };
    }
  }

  on<E extends EventName>(name: E, listener: (payload: EventPayload<E>) => void): () => void {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set);
    set.add(listener as (payload: never) => void);
    return () => set.delete(listener as (payload: never) => void);
  }

  emit<E extends EventName>(name: E, payload: EventPayload<E>): void {
    for (const listener of [...(this.listeners.get(name) ?? [])]) {
      (listener as (payload: EventPayload<E>) => void)(structuredClone(payload));
    }
  }

  setSync(change: Partial<SyncStatus>): void {
    this.sync = { ...this.sync, ...change };
    this.emit('sync.status', this.sync);
  }

  setApp(change: Partial<AppState>): void {
    this.app = { ...this.app, ...change };
    this.emit('app.state', this.app);
  }

  /** As when another device changed a record. */
  change(collection: CollectionName, id: string, values: Body): RecordRow {
    const row = this.find(collection, id);
    const scope = Object.fromEntries(Object.entries(values).filter(([name]) => isScopeField(name)));
    const body: Body = { ...row.body };
    for (const [name, value] of Object.entries(values)) {
      if (isScopeField(name)) continue;
      if (value === null || value === undefined) delete body[name];
      else body[name] = value;
    }
    const next: RecordRow = {
      ...row,
      ...scope,
      body,
      name: entityOf(collection).title(body),
      updatedAt: this.now(),
    };
    this.put(next);
    return next;
  }

  /** Records that left the device, as the window is told when it asks about its drafts. */
  withdrawn: Output<'drafts.withdrawn'> = { number: 0, gone: [] };

  private answer(name: MethodName, input: unknown): unknown {
    switch (name) {
      case 'app.state':
        return this.app;
      case 'app.lock': {
        this.app = { ...this.app, phase: 'locked', user: null };
        return this.app;
      }
      case 'app.unlock':
      case 'app.openOlder':
      case 'app.signIn':
      case 'app.startWorking':
      case 'app.confirmRecovery':
      case 'app.retry':
      case 'app.setUpAgain':
        return this.app;
      case 'app.leave': {
        this.app = { ...this.app, leaving: true };
        return this.app;
      }
      case 'app.createPassphrase':
        return { recoveryCode: 'K7QF-2M9D-XH4T-8PLW-3VRC-6JNB-Y5GA-ZE1S' };
      case 'keys.newRecoveryCode':
        return { recoveryCode: 'N4TC-7HWE-2QXM-PK9V-6RJD-ZB3F-G8YA-5S1H' };
      case 'keys.changePassphrase':
      case 'keys.confirmRecoveryCode':
        return {};
      case 'keys.keychain':
        return this.keychain;
      case 'keys.giveToKeychain': {
        this.keychain = { ...this.keychain, state: 'ready', was: this.keychain.now };
        return this.keychain;
      }
      case 'keys.takeFromKeychain': {
        this.keychain = { ...this.keychain, state: 'off', was: '' };
        return this.keychain;
      }
      case 'app.draftKey':
        return { key: btoa('k'.repeat(32)) };
      case 'drafts.withdrawn':
        return this.withdrawn;
      case 'drafts.cleared':
        this.withdrawn = { number: 0, gone: [] };
        return {};
      case 'preferences.get':
        return this.preferences;
      case 'preferences.set': {
        this.preferences = input as Output<'preferences.get'>;
        return this.preferences;
      }
      case 'view.open':
        return this.openWithRows(input as Input<'view.open'>);
      case 'view.cancel':
        return {};
      case 'view.rows':
        return this.rows(input as Input<'view.rows'>);
      case 'view.summary':
        return this.summary((input as Input<'view.summary'>).viewId);
      case 'view.indexOf': {
        const { viewId, id } = input as Input<'view.indexOf'>;
        return { index: this.view(viewId).rows.findIndex((row) => row.id === id) };
      }
      case 'view.close': {
        this.views.delete((input as { viewId: string }).viewId);
        return {};
      }
      case 'search.query':
        return this.search(input as Input<'search.query'>);
      case 'tables.get': {
        const live = (name: CollectionName) => (this.data.rows.get(name) ?? []).filter((row) => !row.deleted);
        return { directory: live('directory'), definitions: live('definitions') };
      }
      case 'counts.get':
        return { counts: this.counts() };
      case 'record.get': {
        const { collection, id } = input as Input<'record.get'>;
        const row = this.find(collection as CollectionName, id);
        const open = (this.data.rows.get('inbox') ?? []).filter(
          (item) => item.body.record === id && item.body.status === 'open',
        );
        return {
          row,
          names: this.namesOf([row]),
          waitingFields: row.mark === 'waiting' ? ['closeDate'] : [],
          inbox: Object.fromEntries(open.map((item) => [String(item.body.field), item.id])),
        };
      }
      case 'record.create':
        return this.create(input as Input<'record.create'>);
      case 'record.update':
        return this.update(input as Input<'record.update'>);
      case 'record.delete':
        return this.remove(input as Input<'record.delete'>, true);
      case 'record.restore':
        return this.remove(input as Input<'record.restore'>, false);
      case 'record.history': {
        const { id, limit } = input as Input<'record.history'>;
        return { entries: this.data.audit.filter((entry) => entry.record === id).slice(0, limit) };
      }
      case 'audit.count':
        return { count: this.auditRows(input as AuditFilter).length, total: this.data.audit.length };
      case 'audit.rows': {
        const { filter, from, count } = input as Input<'audit.rows'>;
        return { entries: this.auditRows(filter).slice(from, from + count) };
      }
      case 'audit.verify':
        return {
          ok: true,
          entries: this.data.audit.length,
          head: this.data.audit[0]?.hash ?? '',
          millis: 38,
          at: this.now(),
          fault: null,
        };
      case 'inbox.resolve': {
        this.change('inbox', (input as { id: string }).id, { status: 'resolved' });
        return {};
      }
      case 'inbox.reopen': {
        this.change('inbox', (input as { id: string }).id, { status: 'open' });
        return {};
      }
      case 'sync.status':
      case 'sync.now':
      case 'sync.understood':
        return this.sync;
      case 'backups.list':
        return { backups: demoBackups };
      case 'backups.givenUp':
        return { at: null };
      case 'backups.make':
        return demoBackups[0];
      case 'backups.restore':
        return this.app;
      case 'help.showLogs':
        return {};
      case 'help.copyDiagnostics':
        return { text: 'Roadbook 0.1.0' };
    }
  }

  private openWithRows({ first, opening: _opening, ...request }: Input<'view.open'>): Output<'view.open'> {
    const view = this.openView(request);
    if (first === undefined || view.count === 0) return view;
    return { ...view, page: this.rows({ viewId: view.viewId, from: 0, count: first }) };
  }

  private openView(request: ViewRequest): ViewState {
    this.lastView += 1;
    const viewId = `view-${this.lastView}`;
    const rows = this.select(request);
    this.views.set(viewId, { request, rows, version: 1 });
    return { viewId, count: rows.length, version: 1 };
  }

  private view(viewId: string) {
    const view = this.views.get(viewId);
    if (view === undefined) throw new RoadbookError('record.not_found');
    return view;
  }

  private rows({ viewId, from, count }: Input<'view.rows'>): Output<'view.rows'> {
    const view = this.view(viewId);
    const rows = view.rows.slice(from, from + count);
    return { viewId, version: view.version, count: view.rows.length, from, rows, names: this.namesOf(rows) };
  }

  private summary(viewId: string): Output<'view.summary'> {
    const { rows } = this.view(viewId);
    const sums = new Map<string, { minor: number; weightedMinor: number }>();
    for (const { body } of rows) {
      const amount = (body.amount ?? body.price) as { minor: number; currency: string } | undefined;
      if (amount === undefined) continue;
      const sum = sums.get(amount.currency) ?? { minor: 0, weightedMinor: 0 };
      sum.minor += amount.minor;
      sum.weightedMinor += Math.round((amount.minor * Number(body.probability ?? 0)) / 100);
      sums.set(amount.currency, sum);
    }
    return { count: rows.length, sums: [...sums].map(([currency, sum]) => ({ currency, ...sum })) };
  }

  private select({ collection, filters, sort }: ViewRequest): RecordRow[] {
    if (!isCollection(collection))
      throw new RoadbookError('request.invalid', { reason: 'unknown collection' });
    const rows = (this.data.rows.get(collection) ?? []).filter(
      (row) => !row.deleted && filters.every((filter) => this.holds(row, filter)),
    );
    return rows.sort((a, b) => this.compare(a, b, sort));
  }

  private holds(row: RecordRow, { field, op, value }: Filter): boolean {
    const actual = plain(fieldOfRow(row, field));
    switch (op) {
      case 'is':
        return actual === plain(value);
      case 'is-not':
        return actual !== plain(value);
      case 'any-of':
        return Array.isArray(value) && value.includes(actual);
      case 'at-least':
        return actual !== undefined && (actual as number) >= (plain(value) as number);
      case 'at-most':
        return actual !== undefined && (actual as number) <= (plain(value) as number);
      case 'contains':
        return String(actual ?? '')
          .toLowerCase()
          .includes(String(value).toLowerCase());
      case 'empty':
        return actual === undefined || actual === '';
      case 'not-empty':
        return actual !== undefined && actual !== '';
    }
  }

  private compare(a: RecordRow, b: RecordRow, sort: readonly Sort[]): number {
    for (const { field, direction } of sort) {
      const [left, right] = [plain(fieldOfRow(a, field)), plain(fieldOfRow(b, field))];
      if (left === right) continue;
      const less = left === undefined || (right !== undefined && (left as number) < (right as number));
      return (less ? -1 : 1) * (direction === 'asc' ? 1 : -1);
    }
    return a.id < b.id ? -1 : 1;
  }

  private search({ text, collections, limit }: Input<'search.query'>): Output<'search.query'> {
    const needle = text.trim().toLowerCase();
    const hits: Output<'search.query'>['hits'] = [];
    for (const [collection, rows] of this.data.rows) {
      if (collection === 'definitions' || collection === 'directory' || collection === 'inbox') continue;
      if (collections !== undefined && !collections.includes(collection)) continue;
      for (const row of rows) {
        if (row.deleted || hits.length >= limit) continue;
        const source = [row.name, row.body.text].find(
          (part) => typeof part === 'string' && part.toLowerCase().includes(needle),
        );
        if (typeof source !== 'string') continue;
        const at = source.toLowerCase().indexOf(needle);
        hits.push({
          collection,
          id: row.id,
          name: row.name,
          row,
          mark: row.mark,
          excerpt: [
            source.slice(0, at),
            source.slice(at, at + needle.length),
            source.slice(at + needle.length),
          ],
        });
      }
    }
    return {
      hits: needle === '' ? [] : hits,
      names: this.namesOf(hits.map((hit) => hit.row)),
      complete: true,
      millis: 4,
    };
  }

  private create({ collection, id, values }: Input<'record.create'>): RecordRow {
    const name = collection as CollectionName;
    const entity = entityOf(name);
    const { owner, ...body } = values;
    const problem = validateNew(entity, body, { stages: this.stages(body) })[0];
    if (problem !== undefined) throw problemError(problem);
    const row: RecordRow = {
      collection,
      id: id ?? `${entity.singular}-new-${this.calls.length}`,
      rev: 0,
      deleted: false,
      name: entity.title(body),
      owner: String(owner ?? this.data.me),
      team: 'team-central',
      territory: 'territory-central',
      createdAt: this.now(),
      createdBy: this.data.me,
      updatedAt: this.now(),
      updatedBy: this.data.me,
      body,
      mark: 'waiting',
    };
    this.put(row);
    return row;
  }

  private update({ collection, id, values }: Input<'record.update'>): RecordRow {
    const name = collection as CollectionName;
    const row = this.find(name, id);
    const entity = entityOf(name);
    const changed = Object.keys(values).filter(
      (field) => fieldOf(entity, field) !== undefined && !isScopeField(field),
    );
    const stages = this.stages(row.body);
    const all: Body =
      typeof values.stage === 'string' ? { ...onStageChange(values.stage, stages), ...values } : values;
    const body = {
      ...row.body,
      ...Object.fromEntries(Object.entries(all).filter(([field]) => !isScopeField(field))),
    };
    const problem = validateEdit(entity, body, changed, { stages })[0];
    if (problem !== undefined) throw problemError(problem);
    const next: RecordRow = { ...this.change(name, id, all), mark: 'waiting' };
    this.put(next);
    return next;
  }

  private remove({ collection, id }: Input<'record.delete'>, deleted: boolean): RecordRow {
    const next = { ...this.find(collection as CollectionName, id), deleted };
    this.put(next);
    return next;
  }

  private stages(body: Body): readonly Stage[] {
    return stagesOf((this.data.rows.get('definitions') ?? []).find((row) => row.id === body.pipeline));
  }

  private find(collection: CollectionName, id: string): RecordRow {
    const row = this.data.rows.get(collection)?.find((candidate) => candidate.id === id);
    if (row === undefined) throw new RoadbookError('record.not_found');
    return row;
  }

  private put(row: RecordRow): void {
    const collection = row.collection as CollectionName;
    const list = this.data.rows.get(collection) ?? [];
    const at = list.findIndex((candidate) => candidate.id === row.id);
    if (at < 0) list.push(row);
    else list[at] = row;
    this.data.rows.set(collection, list);
    this.data.names.set(row.id, row.name);
    for (const [viewId, view] of this.views) {
      if (view.request.collection !== collection) continue;
      view.rows = this.select(view.request);
      view.version += 1;
      this.emit('view.changed', { viewId, count: view.rows.length, version: view.version });
    }
    this.emit('records.changed', { collection, ids: [row.id] });
    this.emit('counts.changed', { counts: this.counts() });
  }

  private counts(): Record<string, number> {
    return Object.fromEntries(
      [...this.data.rows].map(([name, rows]) => [name, rows.filter((row) => !row.deleted).length]),
    );
  }

  private namesOf(rows: readonly RecordRow[]): Record<string, string> {
    const found: Record<string, string> = {};
    const note = (id: unknown) => {
      const name = typeof id === 'string' ? this.data.names.get(id) : undefined;
      if (name !== undefined) found[id as string] = name;
    };
    for (const row of rows)
      for (const id of [
        row.owner,
        row.team,
        row.territory,
        row.createdBy,
        row.updatedBy,
        ...Object.values(row.body),
      ])
        note(id);
    return found;
  }

  private auditRows({ text, kinds, user, offline, record }: AuditFilter) {
    const needle = text?.toLowerCase() ?? '';
    return this.data.audit.filter(
      (entry) =>
        (needle === '' || `${entry.name} ${entry.field} ${entry.userName}`.toLowerCase().includes(needle)) &&
        (kinds === undefined || kinds.includes(entry.kind)) &&
        (user === undefined || entry.user === user) &&
        (offline === undefined || entry.offline === offline) &&
        (record === undefined || entry.record === record),
    );
  }
}

function fieldOfRow(row: RecordRow, field: string): unknown {
  if (field === 'name' || field === 'updatedAt' || field === 'createdAt' || isScopeField(field))
    return row[field];
  return row.body[field];
}

/** What is compared: the minor units of money, anything else as it is; nothing is undefined. */
function plain(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'minor' in value) return value.minor;
  return value === null || value === '' ? undefined : value;
}
