/** Makes a case out of a call that was captured. */
import type { CaseDraft } from "@colophon/evaluation";
import type { CapturedExecution } from "./captured-calls.ts";

/** Named after the execution; its conversation or document is its cluster, by pseudonym. */
export function draftFromCall({ execution, variables }: CapturedExecution): CaseDraft {
  const { document, session } = execution.subjects;
  return {
    id: execution.id,
    variables,
    expected: { kind: "none" },
    split: null,
    tags: [],
    cluster: document ?? session ?? execution.trace,
    provenance: { source: "execution", ref: execution.id },
    scorers: [],
    place: `execution ${execution.id}`,
  };
}
