/** Puts the rows of one trace in the order in which people read it: each under the one within which it was made. */

/** What the order is told by. */
export interface TraceRow {
  readonly id: string;
  readonly parent: string | null;
  readonly at: string;
  readonly step: number | null;
  readonly attempt: number;
  readonly prompt: string;
}

/** Oldest first, with the prompts indented by depth; a row whose parent is not among them stands at the margin. */
export function traceRows<R extends TraceRow>(rows: readonly R[]): readonly R[] {
  const ids = new Set(rows.map(({ id }) => id));
  const children = Map.groupBy(rows.toSorted(byBeginning), ({ id, parent }) =>
    parent !== null && parent !== id && ids.has(parent) ? parent : null,
  );
  const ordered: R[] = [];
  const seen = new Set<string>();
  const add = (row: R, depth: number): void => {
    if (seen.has(row.id)) return;
    seen.add(row.id);
    ordered.push({ ...row, prompt: `${"  ".repeat(depth)}${row.prompt}` });
    for (const child of children.get(row.id) ?? []) add(child, depth + 1);
  };
  for (const row of children.get(null) ?? []) add(row, 0);
  // Parents come from applications: rows that are each other's are shown too.
  for (const row of rows) add(row, 0);
  return ordered;
}

function byBeginning(a: TraceRow, b: TraceRow): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return (a.step ?? 0) - (b.step ?? 0) || a.attempt - b.attempt;
}
