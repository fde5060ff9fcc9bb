/** Rows and outcomes of a memory ledger in the order in which they came in. */
import type { ArrivalFilter, Arrivals, ArrivedOutcome, Execution, Outcome } from "@colophon/kernel";
import { type ArrivalPlace, placeOfCursor } from "../shared/arrival-place.ts";
import {
  type ArrivalSource,
  type Numbered,
  type NumberRange,
  pageArrivals,
} from "../shared/page-arrivals.ts";
import type { MemoryState } from "./memory-state.ts";

export function listMemoryArrivals(state: MemoryState, filter: ArrivalFilter): Arrivals {
  const end = { executions: state.executions.size, outcomes: state.outcomes.size };
  const from = filter.after === undefined ? beginning(state, filter, end) : placeOfCursor(filter.after, end);
  return pageArrivals(sourceOf(state, filter, end), from, filter.limit);
}

function beginning(state: MemoryState, { since }: ArrivalFilter, end: ArrivalPlace): ArrivalPlace {
  if (since === undefined) return { executions: 0, outcomes: 0 };
  const first = (rows: readonly { readonly at: number }[], otherwise: number): number => {
    const index = rows.findIndex(({ at }) => at >= since);
    return index === -1 ? otherwise : index;
  };
  return {
    executions: first(state.executionOrder, end.executions),
    outcomes: first(state.outcomeOrder, end.outcomes),
  };
}

/** The store has one writer, so a row's place in its chain is its number in the ledger. */
function sourceOf(state: MemoryState, { prompts }: ArrivalFilter, end: ArrivalPlace): ArrivalSource {
  const fits = ({ prompt }: Execution): boolean => prompts === undefined || prompts.includes(prompt);
  const within = <T extends { readonly seq: number }>(
    all: readonly T[],
    { after, upTo }: NumberRange,
  ): readonly Numbered<T>[] => all.slice(after, upTo).map((value) => ({ n: value.seq, value }));
  const arrived = ({ n, value }: Numbered<Outcome>): readonly Numbered<ArrivedOutcome>[] => {
    const execution = state.executions.get(value.execution);
    return execution === undefined ? [] : [{ n, value: { outcome: value, execution } }];
  };
  return {
    end,
    executions: (range, limit) =>
      within(state.executionOrder, range)
        .filter(({ value }) => fits(value))
        .slice(0, limit),
    outcomesOf: ({ value }, upTo) =>
      (state.outcomesByExecution.get(value.id) ?? [])
        .filter(({ seq }) => seq <= upTo)
        .flatMap((outcome) => arrived({ n: outcome.seq, value: outcome })),
    outcomes: (range, lastRow, limit) =>
      within(state.outcomeOrder, range)
        .flatMap(arrived)
        .filter(({ value: { execution } }) => execution.seq <= lastRow && fits(execution))
        .slice(0, limit),
  };
}
