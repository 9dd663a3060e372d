import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';

// Draws the icons of all systems from build/icon.svg. Run by hand after the drawing has changed, with rsvg-convert
// (Debian: librsvg2-bin) at hand; the results are committed, so that packaging needs no drawing tool.
const build = join(root, 'build');
const svg = join(build, 'icon.svg');

const png = (size) =>
  execFileSync('rsvg-convert', ['-w', String(size), '-h', String(size), svg], { maxBuffer: 16 << 20 });

/** Windows: a directory of PNG pictures. A side of 256 is written as 0. */
function ico(sizes) {
  const pictures = sizes.map((size) => ({ size, data: png(size) }));
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let at = head.length;
  for (const [index, { size, data }] of pictures.entries()) {
    const entry = 6 + 16 * index;
    head.writeUInt8(size % 256, entry);
    head.writeUInt8(size % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(data.length, entry + 8);
    head.writeUInt32LE(at, entry + 12);
    at += data.length;
  }
  return Buffer.concat([head, ...pictures.map(({ data }) => data)]);
}

/** macOS: tagged PNG pictures; the tags are fixed by the format. */
function icns(tags) {
  const chunks = Object.entries(tags).map(([tag, size]) => {
    const data = png(size);
    const head = Buffer.alloc(8);
    head.write(tag, 'latin1');
    head.writeUInt32BE(data.length + 8, 4);
    return Buffer.concat([head, data]);
  });
  const body = Buffer.concat(chunks);
  const head = Buffer.alloc(8);
  head.write('icns', 'latin1');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}

mkdirSync(join(build, 'icons'), { recursive: true });
for (const size of [16, 32, 48, 64, 128, 256, 512])
  writeFileSync(join(build, 'icons', `${size}x${size}.png`), png(size));
writeFileSync(join(build, 'icon.png'), png(1024));
writeFileSync(join(build, 'icon.ico'), ico([16, 24, 32, 48, 64, 128, 256]));
writeFileSync(
  join(build, 'icon.icns'),
  icns({ ic11: 32, ic12: 64, ic07: 128, ic08: 256, ic09: 512, ic10: 1024 }),
);
