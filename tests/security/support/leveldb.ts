import { readVarint, unsnappy } from './snappy.ts';

const TABLE_MAGIC = Buffer.from('57fb808b247547db', 'hex');
const FOOTER = 48;
const TRAILER = 5;
const LOG_BLOCK = 32_768;

interface Handle {
  readonly offset: number;
  readonly size: number;
}

/** Contents of every block of a LevelDB table, unpacked (doc/table_format.md of google/leveldb); [] for other files. */
export function tableBlocks(file: Buffer): Buffer[] {
  if (file.length < FOOTER || !file.subarray(-TABLE_MAGIC.length).equals(TABLE_MAGIC)) return [];
  const footer = file.subarray(file.length - FOOTER);
  const metaIndex = readHandle(footer, 0);
  const index = metaIndex && readHandle(footer, metaIndex.next);
  if (!metaIndex || !index) return [];
  const blocks: Buffer[] = [];
  for (const handle of [metaIndex, index]) {
    const block = readBlock(file, handle);
    if (block === null) continue;
    blocks.push(block);
    for (const value of entries(block)) {
      const inner = readHandle(value, 0);
      const unpacked = inner && readBlock(file, inner);
      if (unpacked) blocks.push(unpacked);
    }
  }
  return blocks;
}

/** Records of a LevelDB log, put together again where they cross blocks (doc/log_format.md); [] for other files. */
export function logRecords(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let parts: Buffer[] = [];
  for (let block = 0; block < file.length; block += LOG_BLOCK) {
    const end = Math.min(block + LOG_BLOCK, file.length);
    let at = block;
    while (at + 7 <= end) {
      const length = file.readUInt16LE(at + 4);
      const type = file.readUInt8(at + 6);
      if (type < 1 || type > 4 || at + 7 + length > end) break;
      if (type === 1 || type === 2) parts = [];
      parts.push(file.subarray(at + 7, at + 7 + length));
      if (type === 1 || type === 4) records.push(Buffer.concat(parts));
      at += 7 + length;
    }
  }
  return records;
}

/**
 * Values that IndexedDB itself compressed before storing them: Blink puts a version tag, a "needs work" tag and the
 * kind of work (2 = Snappy) in front (idb_value_wrapping.cc of Chromium).
 */
export function wrappedValues(bytes: Buffer): Buffer[] {
  const mark = Buffer.from([0xff, 0x11, 0x02]);
  const found: Buffer[] = [];
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
    const value = unsnappy(bytes.subarray(at + mark.length));
    if (value !== null) found.push(value);
  }
  return found;
}

function readHandle(bytes: Buffer, at: number): (Handle & { next: number }) | null {
  const offset = readVarint(bytes, at);
  const size = offset && readVarint(bytes, offset.next);
  return offset && size && { offset: offset.value, size: size.value, next: size.next };
}

function readBlock(file: Buffer, handle: Handle): Buffer | null {
  const { offset, size } = handle;
  if (offset + size + TRAILER > file.length) return null;
  const content = file.subarray(offset, offset + size);
  const compression = file[offset + size];
  if (compression === 0) return content;
  return compression === 1 ? unsnappy(content) : null;
}

/** Values of a block's entries; keys share prefixes, values never do. */
function* entries(block: Buffer): Generator<Buffer> {
  if (block.length < 4) return;
  const restarts = block.readUInt32LE(block.length - 4);
  const end = block.length - 4 - restarts * 4;
  let at = 0;
  while (at < end) {
    const shared = readVarint(block, at);
    const unshared = shared && readVarint(block, shared.next);
    const value = unshared && readVarint(block, unshared.next);
    if (!unshared || !value) return;
    const from = value.next + unshared.value;
    yield block.subarray(from, from + value.value);
    at = from + value.value;
  }
}
