/** Builds a signal about an execution: it was accepted. */
import type { ExecutionId, IdSource, OutcomeDraft, OutcomeId } from "@colophon/kernel";

export function anOutcome(
  ids: IdSource,
  execution: ExecutionId,
  fields: Partial<OutcomeDraft> = {},
): OutcomeDraft {
  return {
    id: ids.next() as OutcomeId,
    execution,
    name: "accepted",
    value: true,
    source: "user",
    by: null,
    ...fields,
  };
}
