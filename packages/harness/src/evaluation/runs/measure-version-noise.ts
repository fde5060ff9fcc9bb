/** Runs a version against itself: what of a difference is the noise of prompt, model and judge. */
import {
  measureNoise,
  type NoiseReport,
  type RunBudget,
  type RunEnd,
  type RunProgress,
  ScoreFold,
  type Split,
} from "@colophon/evaluation";
import { getPrompt, type ModelChoice } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { findEvalSet } from "../eval-sets/load-eval-set.ts";
import { openComparison, setName } from "./compare-versions.ts";
import type { EvaluationParts } from "./evaluation-parts.ts";
import { linkedSet } from "./linked-set.ts";
import { loadContender } from "./load-contender.ts";
import { runNotes } from "./run-notes.ts";

export interface NoiseRequest {
  readonly key: string;
  readonly version: number;
  /** `NAME` or `NAME@vN`; the set that the prompt names unless given. */
  readonly set?: string | undefined;
  /** `dev` unless given: noise is no reason to look at the test split. */
  readonly split?: Split | undefined;
  readonly model?: ModelChoice | undefined;
  /** 1 unless given. */
  readonly repeats?: number | undefined;
  readonly environment: string;
  readonly budget?: RunBudget | undefined;
  /** The most calls at once; 16 unless given. */
  readonly concurrency?: number | undefined;
}

export interface NoiseAnswer {
  readonly key: string;
  readonly version: number;
  readonly model: ModelChoice;
  readonly set: string;
  readonly split: Split;
  readonly repeats: number;
  /** Null where no case has a score on both sides. */
  readonly noise: NoiseReport | null;
  readonly end: RunEnd;
  readonly progress: RunProgress;
  readonly notes: readonly string[];
}

const AT_ONCE = 16;

/**
 * Asks a version twice, with draws of their own, in the same run. Records no evidence: it says nothing of any
 * challenger.
 *
 * @throws HarnessError as `evaluate` does.
 */
export async function measureVersionNoise(
  harness: Harness,
  request: NoiseRequest,
  parts: EvaluationParts,
): Promise<NoiseAnswer> {
  const { key, version, split = "dev", repeats = 1, environment, concurrency = AT_ONCE } = request;
  const state = await harness.records.state();
  const linked = getPrompt(state, key).metadata?.evalSet;
  const set = await findEvalSet(harness, request.set ?? linkedSet(linked, key));
  const query = { key, version, model: request.model ?? null, environment };
  const first = await loadContender(harness, { ...query, side: "baseline", drawOffset: 0 });
  const second = await loadContender(harness, { ...query, side: "challenger", drawOffset: repeats });
  const [one, other] = [new ScoreFold(), new ScoreFold()];
  const comparison = await openComparison(
    harness,
    {
      ...{ contenders: [first, second], set, split, repeats, environment, concurrency },
      ...(request.budget !== undefined && { budget: request.budget }),
      onLine: (side, line) => (side === "baseline" ? one : other).add(line),
    },
    parts,
  );
  try {
    const { outcome, done } = await comparison.run();
    done();
    return {
      ...{ key, version, model: first.model, set: setName(set), split, repeats },
      noise: measureNoise(one, other),
      end: outcome.end,
      progress: outcome.progress,
      notes: await runNotes(harness, set, comparison),
    };
  } finally {
    await comparison.close();
  }
}
