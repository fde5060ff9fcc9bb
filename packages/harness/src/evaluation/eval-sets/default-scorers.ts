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
  readonly drafts: readonly CaseDraft[];
  /** Names of the scorers that were filled in, sorted; empty where the author named them. */
  readonly filled: readonly string[];
}

/** A set whose cases all expect the same kind of thing gets one scorer, others one for each case. */
export function defaultScorers(
  scorers: readonly ScorerSpec[],
  drafts: readonly CaseDraft[],
  problems: InputProblems,
): DefaultedScorers {
  const bare = scorers.length > 0 ? [] : drafts.filter((draft) => draft.scorers.length === 0);
  if (bare.length === 0) return { scorers, drafts, filled: [] };
  for (const { place, expected } of bare) {
    if (BY_EXPECTATION[expected.kind] === null)
      problems.add(place, "it expects nothing and has no scorer, so nothing could score it");
  }
  const specOf = ({ expected }: CaseDraft): readonly ScorerSpec[] => {
    const spec = BY_EXPECTATION[expected.kind];
    return spec === null ? [] : [spec];
  };
  const filled = [...new Set(bare.flatMap(specOf).map(({ scorer }) => scorer))].sort();
  const [first] = bare;
  if (first !== undefined && filled.length === 1 && bare.length === drafts.length)
    return { scorers: specOf(first), drafts, filled };
  const own = new Set(bare);
  return {
    scorers,
    drafts: drafts.map((draft) => (own.has(draft) ? { ...draft, scorers: specOf(draft) } : draft)),
    filled,
  };
}
