import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { findCycles } from './cycles.ts';
import { type Module, packageOf, readModule } from './read.ts';
import { nameRules, type Room, roomRules, rooms, whyCycle, whyExtension } from './rules.ts';

const roomOf = (file: string): Room | undefined => rooms.find((room) => file.startsWith(`${room}/`));

function sourceFiles(root: string): string[] {
  return rooms
    .filter((room) => existsSync(join(root, room)))
    .flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
        .map((name) => `${room}/${name.split(sep).join('/')}`),
    )
    .sort();
}

/**
 * Checks every source file of the rooms under `root`. Each complaint is one line: place, what, and the reason.
 */
export function inspectHouse(root: string): { files: number; complaints: string[] } {
  const complaints: string[] = [];
  const graph = new Map<string, string[]>();
  const files = sourceFiles(root);

  for (const file of files) {
    const room = roomOf(file);
    if (room === undefined) continue;
    const module = readModule(file, readFileSync(join(root, file), 'utf8'));
    const complain = (line: number, what: string, why: string) =>
      complaints.push(`${file}:${line} ${what}: ${why}`);
    graph.set(file, followImports(root, file, room, module, complain));
    checkNames(file, room, module, complain);
  }
  for (const cycle of findCycles(graph))
    complaints.push(`${cycle.join(' → ')} is a ring of imports: ${whyCycle}`);
  return { files: files.length, complaints };
}

type Complain = (line: number, what: string, why: string) => void;

/** Checks the imports of one file; returns the files it needs when it runs. */
function followImports(root: string, file: string, room: Room, module: Module, complain: Complain): string[] {
  const rule = roomRules[room];
  const needed: string[] = [];
  for (const { from, typeOnly, line } of module.imports) {
    if (!from.startsWith('.')) {
      if (rule.noPackages.includes(packageOf(from)))
        complain(line, `${room}/ may not import "${from}"`, rule.whyPackages);
      continue;
    }
    // A query (?raw, ?url) tells Vite how to load the file and is no part of its name.
    const path = relative(root, resolve(root, dirname(file), from.split('?', 1)[0] ?? from))
      .split(sep)
      .join('/');
    const target = roomOf(path);
    if (target !== room && (target === undefined || !rule.mayImport.includes(target))) {
      complain(line, `${room}/ may not import "${from}"`, rule.whyRooms);
    }
    if (!/\.[a-z]+$/.test(path) || (/\.jsx?$/.test(path) && !existsSync(join(root, path)))) {
      complain(line, `"${from}" names no file`, whyExtension);
    }
    if (!typeOnly && /\.tsx?$/.test(path)) needed.push(path);
  }
  return needed;
}

function checkNames(file: string, room: Room, module: Module, complain: Complain): void {
  const rule = roomRules[room];
  for (const name of rule.noGlobals) {
    const line = module.names.get(name);
    if (line !== undefined) complain(line, `${room}/ may not use ${name}`, rule.whyGlobals);
  }
  for (const { name, onlyIn, why } of nameRules) {
    const line = module.spoken.get(name);
    if (line !== undefined && file !== onlyIn) complain(line, `only ${onlyIn} may name ${name}`, why);
  }
}
