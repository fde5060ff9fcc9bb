/** What waits in a spool, or in memory, for the store. */
import type { GapKind, LedgerEntry } from "@colophon/kernel";

/** The entry without the contents it carries, keeping their hashes; undefined when it carries none. */
export function withoutContents(entry: LedgerEntry): LedgerEntry | undefined {
  if (entry.kind !== "execution") return undefined;
  const { contents } = entry.row;
  if (contents === null || (contents.variables === null && contents.output === null)) return undefined;
  return {
    kind: "execution",
    row: { ...entry.row, contents: { ...contents, variables: null, output: null } },
  };
}

/** An entry that no store would take. */
export interface Refused {
  readonly kind: GapKind;
  readonly prompt: string | null;
  readonly reason: string;
}

/** The gap that the loss of an entry leaves. */
export function lossOf(entry: LedgerEntry): { readonly kind: GapKind; readonly prompt: string | null } {
  switch (entry.kind) {
    case "outcome":
      return { kind: "dropped-outcome", prompt: null };
    case "gap":
      return { kind: entry.row.kind, prompt: entry.row.prompt };
    case "execution":
    case "start":
      return { kind: "dropped-row", prompt: entry.row.prompt };
  }
}
