/**
 * Rings of imports: each is the list of files from one back to itself. Tarjan's algorithm would name whole knots;
 * one ring per knot is enough to act on, so a depth-first walk does.
 */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];

  const walk = (file: string) => {
    if (done.has(file)) return;
    const at = path.indexOf(file);
    if (at >= 0) {
      cycles.push([...path.slice(at), file]);
      return;
    }
    path.push(file);
    for (const next of graph.get(file) ?? []) walk(next);
    path.pop();
    done.add(file);
  };

  for (const file of graph.keys()) walk(file);
  return cycles;
}
