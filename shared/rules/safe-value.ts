/** Members that every object has already: as names in data they are read by some parsers as an attack, never as data. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a value holds, at any depth, a member with a name that data cannot have. */
export function hasReservedName(value: unknown): boolean {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next) && Object.keys(next).some((name) => RESERVED.has(name))) return true;
    open.push(...Object.values(next));
  }
  return false;
}
