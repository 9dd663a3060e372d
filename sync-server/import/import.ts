import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { RoadbookError } from '../../shared/errors.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import { addCompany, personId, putPeople } from '../company/company.ts';
import { companyId, pipelineOf } from '../company/definitions.ts';
import { compareRecords, type Wanted, type Written, writeRecords } from '../store/bulk.ts';
import type { Store } from '../store/store.ts';
import { nameWhatStays } from './kept.ts';
import { findMapping, type Mapping, readMapping } from './mapping.ts';
import { readStaff, type Staff } from './people.ts';
import { readRecords } from './records.ts';
import { Report } from './report.ts';
import { columnsOf, readTable } from './tables.ts';

export interface ImportOptions {
  readonly folder: string;
  readonly mapping?: string;
  /** Slug of the company; the mapping's own by default. Made when it is not there yet. */
  readonly tenant?: string;
  readonly dryRun?: boolean;
}

export interface ImportResult {
  readonly mapping: Mapping;
  readonly tenant: {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
    readonly isNew: boolean;
  };
  /** Per collection, in the order of writing. */
  readonly written: readonly { readonly collection: string; readonly counts: Written }[];
  readonly report: Report;
  /** Where every note was written; '' in a dry run. */
  readonly reportFile: string;
  readonly people: number;
}

/**
 * Reads an export and brings the company to it. Ids come from the keys of the export, so a second run finds its records
 * again; what people have changed since is left alone.
 * @throws import.missing_file, import.unreadable, import.bad_mapping
 */
export async function runImport(store: Store, options: ImportOptions): Promise<ImportResult> {
  const folder = resolve(options.folder);
  const mapping = mappingFor(folder, options.mapping);
  const report = new Report();
  const tables = new Map(mapping.files.map((file) => [file.file, readTable(folder, file, report)]));
  const tenant = await companyFor(store, mapping, options);
  const staff =
    mapping.people === undefined
      ? undefined
      : readStaff(tenant.id, mapping.people, tables.get(mapping.people.file) ?? []);
  const pipeline = companyId(tenant.id, `pipeline\n${mapping.pipeline?.key ?? 'default'}`);
  const scene = {
    tenant: tenant.id,
    mapping,
    report,
    staff,
    pipeline,
    stages: mapping.pipeline?.stages ?? [],
    tables,
  };
  const parts: { collection: string; wanted: readonly Wanted[] }[] = [
    {
      collection: 'definitions',
      wanted:
        mapping.pipeline === undefined
          ? []
          : [pipelineOf(tenant.id, mapping.pipeline.key, mapping.pipeline.name, mapping.pipeline.stages)],
    },
    { collection: 'directory', wanted: staff?.directory ?? [] },
    ...mapping.records.map((record) => ({
      collection: record.collection,
      wanted: readRecords(scene, record),
    })),
  ];

  await nameWhatStays(store, tenant.id, report);
  const source = { kind: 'import', name: basename(folder) };
  const written: { collection: string; counts: Written }[] = [];
  if (!options.dryRun && staff !== undefined) await addStaff(store, tenant.id, staff, source);
  for (const { collection, wanted } of parts) {
    const counts = options.dryRun
      ? await compareRecords(store, tenant.id, wanted)
      : await writeRecords(store, tenant.id, wanted, source);
    written.push({ collection, counts });
  }
  return {
    mapping,
    tenant,
    written,
    report,
    reportFile: options.dryRun ? '' : saveReport(store, report, tenant.slug),
    people: staff?.people.length ?? 0,
  };
}

function mappingFor(folder: string, file: string | undefined): Mapping {
  if (file !== undefined) return readMapping(resolve(file));
  const found = findMapping((name) => columnsOf(folder, name));
  if (found === undefined) {
    throw new RoadbookError('import.bad_mapping', {
      reason: 'no shipped mapping knows these files; name one with --map',
    });
  }
  return found;
}

async function companyFor(store: Store, mapping: Mapping, options: ImportOptions) {
  const slug = options.tenant ?? mapping.company.slug;
  const known = await store.accounts.tenantBySlug(slug);
  if (known !== undefined) return { id: known.id, slug, name: known.name, isNew: false };
  const { name, currency } = mapping.company;
  if (options.dryRun) {
    const { now, random } = store.environment;
    return { id: uuidv7(now(), random), slug, name, isNew: true };
  }
  const made = await addCompany(store, { slug, name, currency, ownPipeline: mapping.pipeline !== undefined });
  return { id: made.id, slug, name, isNew: true };
}

/** People who are there already keep the role that they have here. */
async function addStaff(
  store: Store,
  tenant: string,
  staff: Staff,
  source: { kind: string; name: string },
): Promise<void> {
  const known = new Set((await store.accounts.users(tenant)).map(({ id }) => id));
  const fresh = staff.people.filter(({ email }) => !known.has(personId(tenant, email)));
  await putPeople(store, tenant, fresh, source);
}

function saveReport(store: Store, report: Report, slug: string): string {
  const folder = join(store.data, 'imports');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date(store.environment.now()).toISOString().replaceAll(/[:.]/g, '-');
  const file = join(folder, `${slug}-${stamp}.csv`);
  report.write(file);
  return file;
}
