/** What the test split of a set has told of a prompt so far: looks, and the score that was revealed last. */
import type { ModelChoice, RunData } from "@colophon/kernel";
import { type Ladder, revealScore } from "../gate/reveal-score.ts";
import { AGGREGATE } from "../runner/score-sums.ts";

export interface TestLooks {
  /** Questions that were put to the split; one that was gone on with, or put again, counts once. */
  readonly looks: number;
  readonly ladder: Ladder;
  /** Whether this very question was put before. */
  readonly again: boolean;
}

/** A lineage of challengers: the versions of a prompt on one model. */
export interface TestQuestion {
  readonly key: string;
  readonly model: Pick<ModelChoice, "provider" | "id">;
  readonly evalSet: { readonly name: string; readonly version: number };
  /** The name of the question that is to be put. */
  readonly together: string;
}

/** `runs` are oldest first; those of other prompts, models, sets and splits are passed over. */
export function testLooks(
  runs: readonly RunData[],
  { key, model, evalSet, together }: TestQuestion,
): TestLooks {
  const asked = runs.filter(
    (run) =>
      run.key === key &&
      run.side === "challenger" &&
      run.model.provider === model.provider &&
      run.model.id === model.id &&
      run.evalSet.split === "test" &&
      run.evalSet.name === evalSet.name &&
      run.evalSet.version === evalSet.version,
  );
  const names = new Set<string>();
  let ladder: Ladder = { best: null };
  for (const run of asked) {
    names.add(run.together);
    const score = run.scores[AGGREGATE]?.value;
    if (score !== undefined) ladder = revealScore(ladder, Math.min(1, Math.max(0, score))).ladder;
  }
  return { looks: names.size, ladder, again: names.has(together) };
}
