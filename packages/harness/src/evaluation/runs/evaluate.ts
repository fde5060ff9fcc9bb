/** Runs one version over an eval set and records what it scored. */
import {
  AGGREGATE,
  judgeName,
  type Ladder,
  type RunBudget,
  type RunEnd,
  type RunProgress,
  revealScore,
  type ScoredSide,
  ScoreFold,
  type ScoreLine,
  type Split,
} from "@colophon/evaluation";
import { type Estimate, getPrompt, HarnessError, type ModelChoice, type RunData } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { referenceOf, type TextReference } from "../../text-reference.ts";
import { findEvalSet } from "../eval-sets/load-eval-set.ts";
import { openComparison, setName } from "./compare-versions.ts";
import type { EvaluationParts } from "./evaluation-parts.ts";
import { linkedSet } from "./linked-set.ts";
import { loadContender } from "./load-contender.ts";
import { runNotes } from "./run-notes.ts";
import { takeLook } from "./take-look.ts";

/** The version or candidate, and what it is asked. */
export type EvaluateRequest = TextReference & EvaluationQuestion;

interface EvaluationQuestion {
  /** `NAME` or `NAME@vN`; the set that the prompt names unless given. */
  readonly set?: string | undefined;
  /** `dev` unless given. */
  readonly split?: Split | undefined;
  /** Instead of the text's own. */
  readonly model?: ModelChoice | undefined;
  /** 1 unless given. */
  readonly repeats?: number | undefined;
  readonly budget?: RunBudget | undefined;
  /** The most calls at once; 16 unless given. */
  readonly concurrency?: number | undefined;
  /** Of the ledger's rows, and where partials without a version are looked up. */
  readonly environment: string;
}

/** A case by the mean of its repeats. */
export interface CaseScore {
  readonly case: string;
  readonly mean: number;
}

export interface Evaluation {
  /** Null where nothing was scored. */
  readonly run: string | null;
  readonly key: string;
  /** `v7`, or `c3` for a candidate. */
  readonly subject: string;
  /** Null for a candidate. */
  readonly version: number | null;
  readonly model: ModelChoice;
  /** `triage@v3`. */
  readonly set: string;
  readonly split: Split;
  readonly repeats: number;
  readonly end: RunEnd;
  /** Cases that were to be asked. */
  readonly cases: number;
  readonly lines: number;
  readonly errors: number;
  /** By metric, the aggregate under `score`; of the test split the aggregate alone, by the Ladder rule. */
  readonly scores: Readonly<Record<string, Estimate | null>>;
  /** Of the dev split: cases by their means, worst first. */
  readonly means: readonly CaseScore[];
  readonly slices: readonly SliceScore[];
  /** Of the dev split: lines without a score. */
  readonly failed: readonly { readonly case: string; readonly repeat: number; readonly error: string }[];
  readonly cost: RunData["cost"];
  readonly judges: readonly string[];
  readonly progress: RunProgress;
  /** Looks at the test split, this one among them; null for the dev split. */
  readonly testLooks: number | null;
  /** What a reader should know beside the figures: an overdue set, judges that nobody calibrated. */
  readonly notes: readonly string[];
}

export interface SliceScore {
  readonly slice: string;
  readonly cases: number;
  readonly mean: number;
}

const AT_ONCE = 16;
const LOOKED =
  "Of the test split only a mean above every earlier one is told, so that it is not tuned against; ask the gate for a verdict.";
const MOST_FAILED = 20;

/**
 * Asks, scores, and appends a `run` record. A run that ended early is recorded as such; the same request goes on
 * where it was, and nothing is paid for twice.
 *
 * @throws HarnessError `usage`, `eval-set-unknown`, `key-unknown`, `version-unknown`, `withdrawn`, `input-malformed`
 * (cases or scorers that do not fit), `store-unsupported`, `store-busy`.
 */
export async function evaluate(
  harness: Harness,
  request: EvaluateRequest,
  parts: EvaluationParts,
): Promise<Evaluation> {
  const { key, split = "dev", repeats = 1, environment, concurrency = AT_ONCE } = request;
  const state = await harness.records.state();
  const set = await findEvalSet(
    harness,
    request.set ?? linkedSet(getPrompt(state, key).metadata?.evalSet, key),
  );
  const model = request.model ?? null;
  const query = { model, environment, drawOffset: 0, side: "challenger" } as const;
  const contender = await loadContender(harness, { ...referenceOf(request), ...query });
  const { subject, version } = contender;
  const isOpen = split === "dev";
  const scored = new ScoreFold();
  const failed: ScoreLine[] = [];
  const comparison = await openComparison(
    harness,
    {
      ...{ contenders: [contender], set, split, repeats, environment, concurrency },
      ...(request.budget !== undefined && { budget: request.budget }),
      onLine(_side, line) {
        if (isOpen) scored.add(line);
        if (line.score === null && failed.length < MOST_FAILED) failed.push(line);
      },
    },
    parts,
  );
  try {
    const { together } = comparison;
    const looks =
      split === "test" ? await takeLook(harness, { key, model: contender.model, set, together }) : null;
    if (looks !== null && looks.refused !== null) {
      throw new HarnessError("usage", `${setName(set)}: ${looks.refused}`);
    }
    const { outcome, runs, cases, done } = await comparison.run();
    await harness.records.append(() => ({
      drafts: runs.map(({ record }) => ({ kind: "run", by: harness.actor, data: record }) as const),
      result: null,
    }));
    done();
    const [finished] = runs;
    const side = scored.side();
    return {
      run: finished?.record.id ?? null,
      ...{ key, subject, version, model: contender.model, set: setName(set), split, repeats, cases },
      end: outcome.end,
      lines: finished?.record.lines ?? 0,
      errors: finished?.record.errors ?? 0,
      scores: shownScores(finished?.record.scores ?? {}, looks?.ladder ?? null),
      means: worstFirst(side),
      slices: sliceMeans(side),
      failed: isOpen ? failed.map(({ case: id, repeat, error = "" }) => ({ case: id, repeat, error })) : [],
      cost: finished?.record.cost ?? null,
      judges: comparison.judges.map(judgeName),
      progress: outcome.progress,
      testLooks: looks?.looks ?? null,
      notes: [...(looks === null ? [] : [LOOKED]), ...(await runNotes(harness, set, comparison))],
    };
  } finally {
    await comparison.close();
  }
}

type Shown = Readonly<Record<string, Estimate | null>>;

/** Of the test split the aggregate is revealed by the Ladder rule where it is the best so far, and nothing else. */
function shownScores(scores: Shown, ladder: Ladder | null): Shown {
  if (ladder === null) return scores;
  const score = scores[AGGREGATE];
  if (score === undefined || score === null) return { [AGGREGATE]: null };
  const { revealed, improved } = revealScore(ladder, score.value);
  if (!improved) return { [AGGREGATE]: null };
  return { [AGGREGATE]: { value: revealed, lower: null, upper: null, samples: score.samples } };
}

function worstFirst(side: ScoredSide): readonly CaseScore[] {
  const means: CaseScore[] = [];
  for (const { case: id, mean } of side) if (mean !== null) means.push({ case: id, mean });
  return means.sort((a, b) => a.mean - b.mean || (a.case < b.case ? -1 : 1));
}

function sliceMeans(side: ScoredSide): readonly SliceScore[] {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { mean, slices } of side) {
    if (mean === null) continue;
    for (const slice of slices) {
      const one = sums.get(slice) ?? { sum: 0, count: 0 };
      one.sum += mean;
      one.count += 1;
      sums.set(slice, one);
    }
  }
  return [...sums]
    .map(([slice, { sum, count }]) => ({ slice, cases: count, mean: sum / count }))
    .sort((a, b) => a.mean - b.mean);
}
