/** Notes that a template reads a path, and whether it can do without. */

/** What all places that read a path have in common. */
export interface Use {
  /** Asked for by a block, or read where it is known to hold. */
  readonly guarded: boolean;
  /** Null will do. */
  readonly nullable: boolean;
  readonly inEach: boolean;
}

/** By path, in order of first appearance. */
export type Uses = Map<string, Use>;

interface Place {
  readonly kind: string;
  readonly path: string;
  /** Paths known to hold here. */
  readonly proven: readonly string[];
  /** There inside an `{{#each}}`. */
  readonly outer: object | undefined;
}

export function noteUse(uses: Uses, { kind, path, proven, outer }: Place): void {
  const known = uses.get(path) ?? { guarded: true, nullable: true, inEach: true };
  const isPlain = kind === "value" || kind === "json";
  const guarded = !isPlain || proven.some((guard) => covers(guard, path));
  uses.set(path, {
    guarded: known.guarded && guarded,
    nullable: known.nullable && (guarded || kind === "json"),
    inEach: known.inEach && outer !== undefined,
  });
}

/** A list that holds something says nothing of its items' fields, so `[]` ends what a guard covers. */
function covers(guard: string, path: string): boolean {
  return path === guard || (path.startsWith(`${guard}.`) && !path.slice(guard.length).includes("[]"));
}
