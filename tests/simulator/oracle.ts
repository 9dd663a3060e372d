import { fromDoc, fromWire, type Held } from '../../electron/records/rows.ts';
import type { StoredDoc } from '../../electron/store/contract.ts';
import type { Engine } from '../../electron/store/engine/engine.ts';
import { collectionNames, entityOf, isScopeField } from '../../shared/model/index.ts';
import { leftOut, projectionOf } from '../../shared/rules/permissions.ts';
import { sameValue } from '../../shared/sync/canonical.ts';
import { uuidv5 } from '../../shared/sync/ids.ts';
import type { Mutation } from '../../shared/sync/wire.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import type { Said } from './device.ts';
import { type Counts, count } from './history.ts';
import { factsOf, freshPull, type Inspected, type ServerFacts, sees } from './server-facts.ts';

/** A server when all is over. */
export interface JudgedServer extends Inspected {
  /** How often another life of the database was begun. */
  readonly restores: number;
  /** Pushes that this life of the database has answered, by their text. */
  readonly answered: ReadonlyMap<string, { readonly device: number; readonly statuses: string }>;
}

/** A device when all is over. */
export interface JudgedDevice {
  readonly index: number;
  readonly user: { readonly id: string };
  readonly engine: Engine;
  /** Mutations that its commits have written, whether or not anybody was told. */
  readonly made: { keys(): Iterable<string> };
  /** What somebody was told is saved. */
  readonly said: readonly Said[];
  /** Records that have left, `collection id`. */
  readonly left: ReadonlySet<string>;
  /** Mutations that the server said it holds in quarantine. */
  readonly held: ReadonlySet<string>;
}

/** What must be true when nothing is under way any more. */
export async function judge(
  server: JudgedServer,
  devices: readonly JudgedDevice[],
  counts: Counts,
  wrong: (what: string) => void,
): Promise<void> {
  const facts = await factsOf(server);
  for (const device of devices) {
    await judgeRows(server, facts, device, wrong);
    await judgeRest(device, wrong);
    judgeSaid(server, facts, device, counts, wrong);
  }
  judgeLog(facts, devices, wrong);
  const { tenant } = server.company;
  const { fault, headMatches } = await verifyAudit(server.store.db, server.store.origin, tenant);
  if (fault !== null || !headMatches) wrong(`the audit log does not verify: ${JSON.stringify(fault)}`);
  await judgeReplay(server, facts, wrong);
}

interface OnDevice extends Held {
  readonly collection: string;
}

function docsOf(device: JudgedDevice): OnDevice[] {
  const { engine } = device;
  return collectionNames.flatMap((collection) => {
    const texts = engine.queries.changedSince(engine.catalog.get(collection), 100_000, undefined);
    return texts.map((text) => ({ collection, ...fromDoc(JSON.parse(text) as StoredDoc) }));
  });
}

/** 1, 3 and 5: what is here is what the server would give now, and nothing else. */
async function judgeRows(
  server: JudgedServer,
  facts: ServerFacts,
  device: JudgedDevice,
  wrong: (what: string) => void,
): Promise<void> {
  const { engine } = device;
  const { tenant } = server.company;
  const { rows, digests } = await freshPull(server, device.index);
  const { id: user } = device.user;
  const told = `device ${device.index}`;
  const docs = docsOf(device);
  const here = new Map(docs.filter((doc) => !doc.deleted).map((doc) => [doc.row.id, doc]));
  for (const [id, wire] of rows) {
    if (wire.deleted) continue;
    const doc = here.get(id);
    if (doc === undefined) wrong(`${told} lacks ${wire.collection} ${id}`);
    else if (!sameValue(doc.row, fromWire(wire, tenant).row)) {
      wrong(
        `${told} holds another ${wire.collection} ${id}: ${difference(doc.row, fromWire(wire, tenant).row)}`,
      );
    }
  }
  // The plain model: what the server gives is what the person sees.
  const visible = new Set([...facts.rows].filter(([, row]) => sees(facts, user, row)).map(([id]) => id));
  for (const [id, row] of facts.rows) {
    if (!row.deleted && visible.has(id) && rows.get(id)?.deleted !== false)
      wrong(`the server keeps ${id} from ${told}`);
  }
  for (const [id, wire] of rows) {
    if (!wire.deleted && !visible.has(id))
      wrong(
        `the server shows ${wire.collection} ${id} to ${told}: owner ${wire.owner}, ${JSON.stringify(wire.body.device)}`,
      );
  }
  const hidden = leftOut(projectionOf(facts.users.get(user)?.role ?? ''), 'products');
  for (const { collection, row, deleted } of docs) {
    const isOwn = collection === 'inbox' && row.rev === 0;
    const about = isOwn ? String(row.body.record) : row.id;
    const isKnown = facts.rows.has(about);
    // A refused record is nowhere but here, with the item that says so.
    if (isKnown ? !visible.has(about) : !isOwn && !deleted) {
      wrong(
        `${told} still holds ${collection} ${row.id}${deleted ? ' (deleted)' : ''}${isOwn ? ` about ${about}` : ''}`,
      );
    }
    if (collection === 'products' && hidden.some((field) => field in row.body))
      wrong(`${told} holds hidden fields`);
  }
  for (const entry of engine.history.rows({}, 0, 100_000)) {
    if (entry.record === '' || entry.kind === 'erased') continue;
    if (facts.rows.has(entry.record) && !visible.has(entry.record)) {
      wrong(`the history of ${told} tells of ${entry.collection} ${entry.record}`);
    }
    if (entry.collection === 'products' && hidden.includes(entry.field)) {
      wrong(`the history of ${told} tells of a hidden field`);
    }
  }
  for (const state of ['accepted', 'refused', 'quarantined'] as const) {
    for (const { record, collection } of engine.outbox.list(state, 100_000)) {
      if (facts.rows.has(record) && !visible.has(record)) {
        wrong(`the outbox of ${told} holds what was sent of ${collection} ${record}`);
      }
    }
  }
  for (const [bucket, digest] of Object.entries(digests)) {
    if (engine.memberships.digest(bucket) !== digest) wrong(`${told}: the digest of ${bucket} differs`);
    if (engine.memberships.recompute(bucket) !== engine.memberships.digest(bucket)) {
      wrong(`${told}: the kept digest of ${bucket} is not that of its rows`);
    }
  }
  for (const bucket of engine.memberships.names()) {
    if (!(bucket in digests)) wrong(`${told} still has rows of ${bucket}`);
  }
}

function difference(a: object, b: object): string {
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names
    .filter((name) => !sameValue(left[name], right[name]))
    .map((name) => `${name} ${JSON.stringify(left[name])} instead of ${JSON.stringify(right[name])}`)
    .join(', ')
    .slice(0, 600);
}

/** Nothing is stuck, and the device's own log is whole. */
async function judgeRest(device: JudgedDevice, wrong: (what: string) => void): Promise<void> {
  const { engine } = device;
  const told = `device ${device.index}`;
  if (engine.outbox.count() > 0) wrong(`${told}: ${engine.outbox.count()} changes are stuck`);
  const ids = docsOf(device).map(({ row }) => row.id);
  for (const collection of collectionNames) {
    const kept = Object.keys(engine.bases(collection, ids));
    if (kept.length > 0) wrong(`${told}: a base is left of ${collection} ${kept.join(' ')}`);
  }
  const { ok } = await engine.history.verify(() => Promise.resolve());
  if (!ok) wrong(`${told}: the history does not verify`);
  const seen = new Set<string>();
  for (const { mutation } of engine.history.rows({}, 0, 100_000)) {
    if (mutation === '') continue;
    if (seen.has(mutation)) wrong(`${told}: a change stands twice in the history`);
    seen.add(mutation);
  }
}

/** 2 and 9: what somebody was told is saved, is somewhere. */
function judgeSaid(
  server: JudgedServer,
  facts: ServerFacts,
  device: JudgedDevice,
  counts: Counts,
  wrong: (what: string) => void,
): void {
  const onServer = marksIn([
    ...[...facts.rows.values()].map(({ wire }) => wire),
    ...facts.changes,
    ...facts.quarantined.map(({ json }) => json),
  ]);
  const inbox = docsOf(device).filter(({ collection }) => collection === 'inbox');
  const here = marksIn(inbox.map(({ row }) => row));
  const items = new Set(inbox.map(({ row }) => row.id));
  const held = new Set(facts.quarantined.map(({ id }) => id));
  for (const one of device.said) {
    const { mutation, group } = one;
    const { id, record, collection } = mutation;
    const isDecided = facts.results.has(id) || held.has(group) || items.has(uuidv5(group, record));
    const lost = newMarks(mutation).filter((mark) => !onServer.has(mark) && !here.has(mark));
    if (isDecided && lost.length === 0) {
      count(counts, 'acknowledged changes found');
      continue;
    }
    // What has left the device cannot be sent again to a server that has lost it.
    if (hasLeft(device, one) && server.restores > 0) {
      count(counts, 'acknowledged changes that had left before a restore');
    } else if (device.held.has(id) && server.restores > 0) {
      count(counts, 'held changes that a restore has lost');
    } else if (device.left.has(`inbox ${uuidv5(group, record)}`)) {
      count(counts, 'refusals that left with their record');
    } else {
      wrong(
        `device ${device.index}: ${mutation.op} ${mutation.field} of ${collection} ${record} (${id}) is nowhere: ` +
          `${facts.results.get(id) ?? 'not decided'} ${lost.join(' ')}`,
      );
    }
  }
}

const hasLeft = (device: JudgedDevice, { mutation }: Said): boolean =>
  device.left.has(`${mutation.collection} ${mutation.record}`);

const MARK = /\bt[0-9a-z]{6,}|"minor":\d+/g;

function marksIn(values: readonly unknown[]): Set<string> {
  return new Set(
    values.flatMap((value) => (typeof value === 'string' ? value : JSON.stringify(value)).match(MARK) ?? []),
  );
}

/** What is new in a mutation: words and amounts that are nowhere else. */
function newMarks({ base, value }: Mutation): string[] {
  const before = marksIn([base ?? null]);
  return [...marksIn([value ?? null])].filter((mark) => !before.has(mark));
}

/** 6 and 7: the log says everything once, in order, and nothing that nobody did. */
function judgeLog(facts: ServerFacts, devices: readonly JudgedDevice[], wrong: (what: string) => void): void {
  const made = new Set(devices.flatMap((device) => [...device.made.keys()]));
  const told = new Map<string, number>();
  let last = 0;
  for (const { mutation, number, device, op, seq } of facts.changes) {
    if (number < last) wrong(`audit entry ${seq} is out of order`);
    last = number;
    if (device === '') continue;
    told.set(mutation, (told.get(mutation) ?? 0) + 1);
    if (!made.has(mutation)) wrong(`nobody made the ${op} ${mutation}`);
  }
  for (const [mutation, result] of facts.results) {
    const times = told.get(mutation) ?? 0;
    const expected = result === 'unchanged' ? 0 : 1;
    if (times !== expected) wrong(`${mutation} (${result}) stands ${times} times in the audit log`);
  }
  judgeFold(facts, wrong);
}

/** The plain model of the company: applied changes, one after the other, are the rows. */
function judgeFold(facts: ServerFacts, wrong: (what: string) => void): void {
  const folded = new Map<string, { body: Record<string, unknown>; deleted: boolean }>();
  for (const { op, record, field, to, result } of facts.changes) {
    if (result !== 'applied') continue;
    if (op === 'create') folded.set(record, { body: { ...(to as object) }, deleted: false });
    const row = folded.get(record);
    if (row === undefined) continue;
    if (op === 'set') row.body[field] = to;
    if (op === 'delete') row.deleted = true;
    if (op === 'restore') row.deleted = false;
  }
  for (const [id, { body, deleted }] of folded) {
    const row = facts.rows.get(id);
    if (row === undefined) {
      wrong(`${id} is in the audit log and has no row`);
      continue;
    }
    if (row.deleted !== deleted)
      wrong(`${id} is ${row.deleted ? '' : 'not '}deleted, the audit log says otherwise`);
    const { fields } = entityOf(row.wire.collection as Parameters<typeof entityOf>[0]);
    for (const name of new Set([...Object.keys(fields), ...Object.keys(body)])) {
      if (isScopeField(name) || fields[name]?.merge === 'computed') continue;
      if (!sameValue(row.wire.body[name] ?? null, body[name] ?? null)) {
        wrong(`${row.wire.collection} ${id}: ${name} is not what the audit log says`);
      }
    }
    if (!sameValue(row.wire.owner, body.owner ?? row.wire.owner))
      wrong(`${id}: the owner is not what the audit log says`);
  }
}

/** 4: every push that was answered, once more. */
async function judgeReplay(
  server: JudgedServer,
  facts: ServerFacts,
  wrong: (what: string) => void,
): Promise<void> {
  for (const [text, { device, statuses }] of [...server.answered]) {
    const { groups } = JSON.parse(text) as { groups: unknown[] };
    const { verdicts } = await server.store.repository(await server.principal(device)).push('', groups);
    const again = verdicts.map(({ group, status }) => `${group} ${status}`).join('\n');
    if (again !== statuses) wrong(`a push that came again was answered ${again} instead of ${statuses}`);
  }
  const after = await factsOf(server);
  if (after.counter !== facts.counter) wrong('a push that came again has changed something');
}
