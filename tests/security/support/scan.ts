import { constants, gunzipSync } from 'node:zlib';
import { logRecords, tableBlocks, wrappedValues } from './leveldb.ts';
import type { Needle } from './needles.ts';
import type { Source } from './sources.ts';

/** A string that should not be there: where, behind which compression, in which form. */
export interface Finding {
  readonly place: string;
  readonly layer: string;
  readonly form: string;
  readonly text: string;
}

interface Layer {
  readonly name: string;
  readonly bytes: Buffer;
}

const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

/** Streams that begin anywhere in the bytes, also cut off ones. */
function gunzipped(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf(GZIP); at >= 0; at = bytes.indexOf(GZIP, at + 1)) {
    try {
      found.push(gunzipSync(bytes.subarray(at), { finishFlush: constants.Z_SYNC_FLUSH }));
    } catch {
      // Three bytes that look like the head of a stream and are not.
    }
  }
  return found;
}

function* layers(source: Source): Generator<Layer> {
  yield { name: 'plain', bytes: source.bytes };
  for (const bytes of gunzipped(source.bytes)) yield { name: 'gzip', bytes };
  for (const block of tableBlocks(source.bytes)) {
    yield { name: 'LevelDB block', bytes: block };
    for (const bytes of wrappedValues(block)) yield { name: 'IndexedDB value', bytes };
  }
  if (source.place.endsWith('.log')) {
    for (const record of logRecords(source.bytes)) {
      yield { name: 'LevelDB log', bytes: record };
      for (const bytes of wrappedValues(record)) yield { name: 'IndexedDB value', bytes };
    }
  }
}

/** Looks for every needle in every layer of one source. */
export function scanSource(source: Source, needles: readonly Needle[]): Finding[] {
  const found: Finding[] = [];
  for (const layer of layers(source)) {
    for (const needle of needles) {
      if (layer.bytes.includes(needle.bytes)) {
        found.push({ place: source.place, layer: layer.name, form: needle.form, text: needle.text });
      }
    }
  }
  return found;
}

export interface ScanResult {
  readonly findings: readonly Finding[];
  readonly places: readonly string[];
  readonly bytes: number;
}

/** Scans sources one after the other, so that one large file at most is in memory. */
export function scan(sources: Iterable<Source>, needles: readonly Needle[]): ScanResult {
  const findings: Finding[] = [];
  const places: string[] = [];
  let bytes = 0;
  for (const source of sources) {
    findings.push(...scanSource(source, needles));
    places.push(source.place);
    bytes += source.bytes.length;
  }
  return { findings, places, bytes };
}
