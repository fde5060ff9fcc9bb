/** Notes that a template reads a path, and whether it can do without. */

/** One path from the variables down; `items[].name` is a field of the items of a list. */
export interface VariableUse {
  readonly path: string;
  /** Only asked for by if, unless or each, or read where an `{{#if}}` of it or of what it belongs to holds. */
  readonly guarded: boolean;
  /** Wherever it must be there, `json` writes it: then null will do. */
  readonly json: boolean;
}

/** By path, in order of first appearance. */
export type Uses = Map<string, VariableUse>;

interface Place {
  readonly kind: string;
  readonly path: string;
  /** Paths known to hold here. */
  readonly proven: readonly string[];
}

export function noteUse(uses: Uses, { kind, path, proven }: Place): void {
  const known = uses.get(path) ?? { guarded: true, json: true };
  const isPlain = kind === "value" || kind === "json";
  const guarded = !isPlain || proven.some((guard) => covers(guard, path));
  uses.set(path, {
    path,
    guarded: known.guarded && guarded,
    json: known.json && (guarded || kind === "json"),
  });
}

/** A list that holds something says nothing of its items' fields, so `[]` ends what a guard covers. */
function covers(guard: string, path: string): boolean {
  return path === guard || (path.startsWith(`${guard}.`) && !path.slice(guard.length).includes("[]"));
}
