/** What is selected in a list: records by id, and the place from which a range stretches. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly anchor: number;
}

export const noSelection: Selection = { ids: new Set(), anchor: -1 };

export function toggle(selection: Selection, id: string, index: number): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return ids.size === 0 ? noSelection : { ids, anchor: index };
}

/** Adds everything between the anchor and there; the anchor stays, so that the range can still grow. */
export function extend(selection: Selection, ids: readonly string[], to: number): Selection {
  return {
    ids: new Set([...selection.ids, ...ids]),
    anchor: selection.anchor < 0 ? to : selection.anchor,
  };
}

/** From and to of a range, both in it, the smaller first. */
export function rangeOf(selection: Selection, to: number): readonly [number, number] {
  const anchor = selection.anchor < 0 ? to : selection.anchor;
  return [Math.min(anchor, to), Math.max(anchor, to)];
}
