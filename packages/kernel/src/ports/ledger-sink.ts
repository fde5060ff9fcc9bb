/** The port through which the runtime writes: synchronous, bounded in time, never throwing. */
import type { ExecutionDraft } from "../records/execution.ts";
import type { OutcomeDraft } from "../records/outcome.ts";
import type { ExecutionStart, GapKind } from "./ledger-store.ts";

/**
 * What became of a row: `stored` and `spooled` survive `kill -9`; `memory` does not; `dropped` is
 * counted and said.
 */
export type WriteReceipt = "stored" | "spooled" | "memory" | "dropped";

/** Takes what the runtime writes. */
export interface LedgerSink {
  /** Takes a row. */
  write(row: ExecutionDraft): WriteReceipt;
  /** Takes a signal about a row. */
  writeOutcome(row: OutcomeDraft): WriteReceipt;
  /** Takes the start of a call, for those that a crash may cut off. */
  writeStart(row: ExecutionStart): WriteReceipt;
  /** Counts a gap; it is written with the next chance. */
  gap(
    kind: GapKind,
    more: { readonly prompt: string | null; readonly count: number; readonly reason: string },
  ): void;
  /** Resolves when everything taken so far has reached the store, or rejects saying what is left. */
  flush(): Promise<void>;
  /** Flushes as far as it goes within a bounded time, seals and lets go. */
  close(): Promise<void>;
}
