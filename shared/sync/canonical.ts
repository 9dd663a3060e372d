/** Any value that survives JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * One text for one value: keys sorted by code unit, no spaces, undefined members left out (RFC 8785 for the values
 * that Roadbook stores). Hashes and equality of field values are taken over this text.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const record = value as Record<string, unknown>;
  const members = Object.keys(record)
    .filter((key) => record[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(record[key])}`);
  return `{${members.join(',')}}`;
}

/** True when two field values are the same; absent, undefined and null count as the same emptiness. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return canonical(a ?? null) === canonical(b ?? null);
}
