/** What waits in a spool, or in memory, for the store. */
import type { ExecutionDraft, ExecutionStart, GapKind, OutcomeDraft } from "@colophon/kernel";
import type { GapDraft } from "../sqlite/ledger-writer.ts";

export type SpoolEntry =
  | { readonly kind: "execution"; readonly row: ExecutionDraft }
  | { readonly kind: "outcome"; readonly row: OutcomeDraft }
  | { readonly kind: "start"; readonly row: ExecutionStart }
  | { readonly kind: "gap"; readonly row: GapDraft };

/** The entry without the contents it carries, keeping their hashes; undefined when it carries none. */
export function withoutContents(entry: SpoolEntry): SpoolEntry | undefined {
  if (entry.kind !== "execution") return undefined;
  const { contents } = entry.row;
  if (contents === null || (contents.variables === null && contents.output === null)) return undefined;
  return {
    kind: "execution",
    row: { ...entry.row, contents: { ...contents, variables: null, output: null } },
  };
}

/** The gap that the loss of an entry leaves. */
export function lossOf(entry: SpoolEntry): { readonly kind: GapKind; readonly prompt: string | null } {
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
