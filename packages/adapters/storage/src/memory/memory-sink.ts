/** The runtime's way into a memory store: written at once, and gone with the process. */
import type { ExecutionDraft, GapKind, LedgerSink, WriteReceipt } from "@colophon/kernel";
import { appendExecution, appendGap, appendOutcome, appendStart } from "./append-rows.ts";
import { sealMemory } from "./memory-care.ts";
import type { MemoryState } from "./memory-state.ts";

export function createMemorySink(state: MemoryState): LedgerSink {
  let closed = false;

  const drop = (kind: GapKind, prompt: string | null, reason: string): WriteReceipt => {
    appendGap(state, { at: state.clock.now(), kind, count: 1, prompt, reason });
    return "dropped";
  };

  const take = (kind: GapKind, prompt: string | null, append: () => void): WriteReceipt => {
    if (closed) return drop(kind, prompt, "the sink was closed");
    try {
      append();
      return "memory";
    } catch (error) {
      // The port may not throw: a recorder never harms the call it records.
      return drop(kind, prompt, error instanceof Error ? error.name : "unreadable row");
    }
  };

  return {
    write: (row) => take("dropped-row", promptOf(row), () => appendExecution(state, row)),
    writeOutcome: (row) => take("dropped-outcome", null, () => appendOutcome(state, row)),
    writeStart: (row) => take("dropped-row", row.prompt, () => appendStart(state, row)),
    gap(kind, { prompt, count, reason }) {
      appendGap(state, { at: state.clock.now(), kind, count, prompt, reason });
    },
    flush: async () => undefined,
    async close() {
      if (closed) return;
      closed = true;
      sealMemory(state);
    },
  };
}

function promptOf(row: ExecutionDraft): string | null {
  return typeof row.prompt === "string" ? row.prompt : null;
}
