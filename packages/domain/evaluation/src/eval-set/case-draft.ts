/** A case on its way into an eval set: not yet named and not yet in a split where its author left that open. */
import type { EvalCase, Split } from "../eval-case.ts";

export interface CaseDraft extends Omit<EvalCase, "id" | "split"> {
  /** Null for one that is named by its variables. */
  readonly id: string | null;
  /** Null for one that is put into a split by its cluster or name. */
  readonly split: Split | null;
  /** Where it was written, for messages: `line 3`. */
  readonly place: string;
}
