/** Members that every object has already: some parsers read them as an attack, never as data. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);
/** Deepest nesting of a value; everything that reads values recurses. */
const MAX_DEPTH = 32;

/** Why a value can be kept by nobody, in words that follow a field's name; undefined where it can. */
export function unfit(value: unknown, depth = 0): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === MAX_DEPTH) return 'its parts are nested too deep';
  for (const [name, part] of Object.entries(value)) {
    if (RESERVED.has(name)) return `a part of it is called “${name}”`;
    const fault = unfit(part, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
