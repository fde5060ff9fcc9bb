/** Gives scorers to cases that nobody gave any: by what each expects. */
import type { CaseDraft, Expectation, InputProblems, ScorerSpec } from "@colophon/evaluation";

/** Null: nothing is expected, so nothing can be scored. */
const BY_EXPECTATION: Readonly<Record<Expectation["kind"], ScorerSpec | null>> = {
  none: null,
  label: { scorer: "exact" },
  json: { scorer: "json-equal" },
  reference: { scorer: "rouge-l" },
  rubric: { scorer: "judge" },
};

export interface DefaultedScorers {
  readonly scorers: readonly ScorerSpec[];
  /** Names of the scorers that were filled in, sorted; empty where the author named them. */
  readonly filled: readonly string[];
  /** The draft with the scorers that it is given. */
  complete(draft: CaseDraft): CaseDraft;
}

/** A set whose cases all expect the same kind of thing gets one scorer, others one for each case. */
export function defaultScorers(
  scorers: readonly ScorerSpec[],
  drafts: Iterable<CaseDraft>,
  problems: InputProblems,
): DefaultedScorers {
  const asGiven = { filled: [], complete: (draft: CaseDraft) => draft };
  if (scorers.length > 0) return { scorers, ...asGiven };
  const kinds = new Set<Expectation["kind"]>();
  let [all, bare] = [0, 0];
  for (const draft of drafts) {
    all += 1;
    if (draft.scorers.length > 0) continue;
    bare += 1;
    const { kind } = draft.expected;
    kinds.add(kind);
    if (BY_EXPECTATION[kind] === null)
      problems.add(draft.place, "it expects nothing and has no scorer, so nothing could score it");
  }
  if (bare === 0) return { scorers, ...asGiven };
  const specs = [...kinds].flatMap((kind) => BY_EXPECTATION[kind] ?? []);
  const filled = specs.map(({ scorer }) => scorer).sort();
  if (specs.length === 1 && bare === all) return { ...asGiven, scorers: specs, filled };
  const complete = (draft: CaseDraft): CaseDraft => {
    const spec = BY_EXPECTATION[draft.expected.kind];
    return draft.scorers.length > 0 || spec === null ? draft : { ...draft, scorers: [spec] };
  };
  return { scorers, filled, complete };
}
