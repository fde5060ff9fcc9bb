/** What is known where a tag stands: what its paths begin at, and what holds there. */
import type { Uses } from "./note-use.ts";
import type { ReadNode } from "./template.ts";

/** What `this` is: the variables (path ""), or an item of a list; and what is known of the variables here. */
export interface Scope {
  readonly path: string;
  /** What is around the `{{#each}}` that it is in. */
  readonly outer?: Scope;
  /** Paths that an `{{#if}}` or `{{#each}}` around has found to hold. */
  readonly proven: readonly string[];
  /**
   * Where a text is read by itself, as when it is a partial, to find what it uses: partials that are not at hand
   * are passed over, and what only its surroundings can tell is not asked.
   */
  readonly uses: Uses | undefined;
}

/** What is known in a block, and in its `{{else}}`. */
export function scopesOf({ kind, path }: ReadNode, around: Scope): Record<"scope" | "other", Scope> {
  // A block of what only the surroundings tell uses nothing that could be named.
  const uses = path === "" ? new Map() : around.uses;
  const other = { ...around, uses };
  if (kind === "each") {
    const items = `${path}[]`;
    // Other items now: what was known of one of this list says nothing of these.
    const proven = around.proven.filter((guard) => !guard.startsWith(items));
    return { scope: { path: items, outer: around, proven: [...proven, path], uses }, other };
  }
  const holds = { ...other, proven: [...around.proven, path] };
  return kind === "if" ? { scope: holds, other } : { scope: other, other: holds };
}
