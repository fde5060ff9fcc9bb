/** What waits for a ledger, in a spool, in memory or on a wire. */
import type { ExecutionDraft } from "../records/execution.ts";
import type { OutcomeDraft } from "../records/outcome.ts";
import type { ExecutionStart, Gap } from "./ledger-store.ts";

/** A gap that has no writer yet. */
export type GapDraft = Omit<Gap, "writer">;

/** One thing that a runtime wrote, as plain JSON. */
export type LedgerEntry =
  | { readonly kind: "execution"; readonly row: ExecutionDraft }
  | { readonly kind: "outcome"; readonly row: OutcomeDraft }
  | { readonly kind: "start"; readonly row: ExecutionStart }
  | { readonly kind: "gap"; readonly row: GapDraft };
