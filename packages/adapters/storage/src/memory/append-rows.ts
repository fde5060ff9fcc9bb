/** Appends rows to the memory ledger: chained, summed up, once each. */
import {
  type ExecutionDraft,
  type ExecutionStart,
  executionLink,
  type Gap,
  type OutcomeDraft,
  outcomeLink,
  sha256,
  timeOfId,
  type UnchainedExecution,
} from "@colophon/kernel";
import { placeExecution } from "../shared/place-execution.ts";
import type { MemoryState } from "./memory-state.ts";
import { hideParts } from "./memory-subjects.ts";

const DAY_MS = 86_400_000;

/** False for a row that is there already; it stays as it is. */
export function appendExecution(state: MemoryState, draft: ExecutionDraft): boolean {
  if (state.executions.has(draft.id)) return false;
  const { writer } = state;
  const contents = draft.contents ?? null;
  const place = {
    writer: writer.id,
    seq: writer.executions + 1,
    ...hideParts(state, draft),
  };
  // A copy that the caller does not hold.
  const row = JSON.parse(JSON.stringify(placeExecution(draft, place))) as UnchainedExecution;
  const chain = sha256(executionLink(writer.executionChain, row));
  const execution = { ...row, chain };
  state.executions.set(row.id, execution);
  state.executionOrder.push(execution);
  writer.executions = row.seq;
  writer.executionChain = chain;
  if (contents !== null && (contents.variables !== null || contents.output !== null)) {
    const { variables, output, days } = contents;
    const expires = days === null ? null : row.at + Math.round(days * DAY_MS);
    state.contents.set(row.id, { variables, output, expires });
  }
  return true;
}

export function appendOutcome(state: MemoryState, draft: OutcomeDraft): boolean {
  if (state.outcomes.has(draft.id)) return false;
  const { writer } = state;
  const { id, execution, name, value, source } = draft;
  const by = draft.by ?? null;
  const at = timeOfId(id);
  const row = { id, execution, name, value, source, by, at, writer: writer.id, seq: writer.outcomes + 1 };
  const chain = sha256(outcomeLink(writer.outcomeChain, row));
  const outcome = { ...row, chain };
  state.outcomes.set(id, outcome);
  state.outcomeOrder.push(outcome);
  const others = state.outcomesByExecution.get(execution);
  if (others === undefined) state.outcomesByExecution.set(execution, [outcome]);
  else others.push(outcome);
  writer.outcomes = row.seq;
  writer.outcomeChain = chain;
  return true;
}

export function appendStart(state: MemoryState, start: ExecutionStart): boolean {
  if (state.starts.has(start.id)) return false;
  const { id, prompt, version, hash, environment } = start;
  state.starts.set(id, { id, prompt, version, hash, environment });
  return true;
}

export function appendGap(state: MemoryState, gap: Omit<Gap, "writer">): void {
  const { at, kind, count, prompt, reason } = gap;
  state.gaps.push({ at, writer: state.writer.id, kind, count, prompt, reason });
}
