import { type Kysely, sql } from 'kysely';

/** Rows that are brought into their buckets at once. */
const BATCH = 500;

interface OldRow {
  tenant: string;
  id: string;
  collection: string;
  json: string;
  kept: string | null;
  deleted: number;
  digest: string;
}

interface Shape {
  rows: OldRow;
  bucket_log: {
    tenant: string;
    bucket: string;
    number: number;
    group_end: number;
    collection: string;
    id: string;
    op: string;
  };
  bucket_digests: { tenant: string; bucket: string; projection: string; digest: string };
  old_digests: { tenant: string; bucket: string; digest: string };
  buckets: { tenant: string; bucket: string; number: number };
  areas: { tenant: string; id: string; kind: string; parent: string };
}

/**
 * One bucket for each reason to see a row, instead of one for the company; what a company lets its roles see; the tree of
 * teams and territories; what devices hold and were told to let go; and the edits that came from outside a person's sight.
 */
export async function up(any: Kysely<unknown>): Promise<void> {
  await any.schema
    .alterTable('tenants')
    .addColumn('reaches', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute();
  await any.schema
    .alterTable('tenants')
    .addColumn('scope_version', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await any.schema.alterTable('rows').addColumn('digests', 'text').execute();
  await any.schema.alterTable('audit_log').addColumn('record', 'varchar(36)').execute();
  await any.schema
    .alterTable('devices')
    .addColumn('holds', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute();
  await any.schema.dropTable('memberships').execute();

  await any.schema
    .createTable('areas')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('id', 'varchar(36)', (column) => column.notNull())
    .addColumn('kind', 'varchar(16)', (column) => column.notNull())
    .addColumn('parent', 'varchar(36)', (column) => column.notNull())
    .addPrimaryKeyConstraint('areas_pk', ['tenant', 'id'])
    .execute();
  await any.schema
    .createTable('buckets')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('bucket', 'varchar(100)', (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('buckets_pk', ['tenant', 'bucket'])
    .execute();
  await any.schema.createIndex('buckets_number').on('buckets').columns(['tenant', 'number']).execute();
  await any.schema.alterTable('bucket_digests').renameTo('old_digests').execute();
  await any.schema
    .createTable('bucket_digests')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('bucket', 'varchar(100)', (column) => column.notNull())
    .addColumn('projection', 'varchar(256)', (column) => column.notNull())
    .addColumn('digest', 'varchar(32)', (column) => column.notNull())
    .addPrimaryKeyConstraint('bucket_digests_by_projection', ['tenant', 'bucket', 'projection'])
    .execute();
  await any.schema
    .createTable('withdrawals')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('device', 'varchar(36)', (column) => column.notNull())
    .addColumn('bucket', 'varchar(100)', (column) => column.notNull())
    .addColumn('told_at', 'varchar(32)', (column) => column.notNull())
    .addColumn('confirmed_at', 'varchar(32)')
    .addColumn('rows', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('withdrawals_pk', ['tenant', 'device', 'bucket'])
    .execute();
  await any.schema
    .createTable('quarantine')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('id', 'varchar(36)', (column) => column.notNull())
    .addColumn('device', 'varchar(36)', (column) => column.notNull())
    .addColumn('user', 'varchar(36)', (column) => column.notNull())
    .addColumn('at', 'varchar(32)', (column) => column.notNull())
    .addColumn('reason', 'varchar(64)', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .addColumn('state', 'varchar(16)', (column) => column.notNull())
    .addColumn('settled_at', 'varchar(32)')
    .addColumn('settled_by', 'varchar(36)')
    .addPrimaryKeyConstraint('quarantine_pk', ['tenant', 'id'])
    .execute();
  await bringIntoBuckets(any as Kysely<Shape>);
  await any.schema.dropTable('old_digests').execute();
}

/**
 * Rows that were written while a company had one bucket. They go into the others under the number that they have, so
 * that whoever is given one of these buckets receives them. What is hidden from a role is new with this step: no row
 * has it yet, so every projection starts with the same digest.
 */
async function bringIntoBuckets(db: Kysely<Shape>): Promise<void> {
  const sums = new Map<string, bigint>();
  let after = { tenant: '', id: '' };
  for (;;) {
    const rows = await db
      .selectFrom('rows')
      .innerJoin('bucket_log', (join) =>
        join.onRef('bucket_log.tenant', '=', 'rows.tenant').onRef('bucket_log.id', '=', 'rows.id'),
      )
      .select(['rows.tenant', 'rows.id', 'rows.collection', 'rows.json', 'rows.kept', 'rows.deleted'])
      .select(['rows.digest', 'bucket_log.number', 'bucket_log.group_end'])
      .where((eb) =>
        eb.or([
          eb('rows.tenant', '>', after.tenant),
          eb.and([eb('rows.tenant', '=', after.tenant), eb('rows.id', '>', after.id)]),
        ]),
      )
      .where('bucket_log.bucket', '=', sql<string>`'tenant:' || ${sql.ref('rows.tenant')}`)
      .orderBy('rows.tenant')
      .orderBy('rows.id')
      .limit(BATCH)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) break;
    after = { tenant: last.tenant, id: last.id };
    const entries: Shape['bucket_log'][] = [];
    for (const { tenant, id, collection, number, group_end, ...row } of rows) {
      const wire = JSON.parse(row.kept ?? row.json) as OldWire;
      for (const bucket of otherBuckets(tenant, collection, wire)) {
        entries.push({ tenant, bucket, number, group_end, collection, id, op: 'put' });
        const key = `${tenant} ${bucket}`;
        if (row.deleted === 0) sums.set(key, (sums.get(key) ?? 0n) + BigInt(`0x${row.digest}`));
        else if (!sums.has(key)) sums.set(key, 0n);
      }
      if (collection === 'directory' && row.deleted === 0) await keepArea(db, tenant, id, wire);
    }
    for (let at = 0; at < entries.length; at += BATCH) {
      await db
        .insertInto('bucket_log')
        .values(entries.slice(at, at + BATCH))
        .execute();
    }
  }
  for (const [key, sum] of sums) {
    const [tenant = '', bucket = ''] = key.split(' ');
    const digest = (sum % (1n << 128n)).toString(16).padStart(32, '0');
    await db.insertInto('bucket_digests').values({ tenant, bucket, projection: '', digest }).execute();
  }
  const old = await db.selectFrom('old_digests').selectAll().execute();
  for (const one of old) {
    await db
      .insertInto('bucket_digests')
      .values({ ...one, projection: '' })
      .execute();
  }
  const whole = await db.selectFrom('bucket_digests').selectAll().execute();
  for (const one of whole) {
    await db
      .insertInto('bucket_digests')
      .values({ ...one, projection: 'products.cost' })
      .execute();
  }
  const heads = await db
    .selectFrom('bucket_log')
    .select((eb) => ['tenant', 'bucket', eb.fn.max('number').as('number')])
    .groupBy(['tenant', 'bucket'])
    .execute();
  for (const head of heads) await db.insertInto('buckets').values(head).execute();
}

interface OldWire {
  owner: string;
  team: string;
  territory: string;
  body: { kind?: unknown; parent?: unknown };
}

/** The buckets of a row beside the company's, as this step knew them. */
function otherBuckets(tenant: string, collection: string, wire: OldWire): string[] {
  const { owner, team, territory } = wire;
  const unassigned = owner === '' && team === '' && territory === '';
  if (unassigned || ['products', 'directory', 'definitions'].includes(collection))
    return [`shared:${tenant}`];
  const buckets = owner === '' ? [] : [`owner:${owner}`];
  if (team !== '') buckets.push(`team:${team}`);
  if (territory !== '') buckets.push(`territory:${territory}`);
  return buckets;
}

async function keepArea(db: Kysely<Shape>, tenant: string, id: string, { body }: OldWire): Promise<void> {
  const { kind, parent } = body;
  if (kind !== 'team' && kind !== 'territory') return;
  const above = typeof parent === 'string' ? parent : '';
  await db.insertInto('areas').values({ tenant, id, kind, parent: above }).execute();
}
