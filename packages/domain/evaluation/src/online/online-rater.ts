/** Who scores calls of production: a rule or a judge, named so that its outcomes can be told from any other's. */
import {
  canonicalJson,
  checkOutcome,
  type ExecutionId,
  HarnessError,
  type OutcomeId,
  type OutcomeValue,
  STANDARD_METRICS,
  STANDARD_OUTCOMES,
  sha256,
} from "@colophon/kernel";
import type { ScorerSpec } from "../eval-case.ts";
import { type Judge, judgeName } from "../judges/judge.ts";
import { PAIRWISE } from "../scorers/pairwise.ts";
import { metricOf } from "../scorers/score-answer.ts";

export interface OnlineRater {
  readonly spec: ScorerSpec;
  /** Of its outcomes. */
  readonly metric: string;
  readonly source: "rule" | "judge";
  /** As its outcomes name it: `SCORER#hash`, or `KEY@vN#hash` with the hash of the judge's text. */
  readonly by: string;
  /** Of all that its scores depend on beside the call. */
  readonly hash: string;
  /** Compares the two answers of a pair, and says nothing of one alone. */
  readonly compares: boolean;
}

export interface RaterParts {
  /** Those that the spec asks; none for a rule. */
  readonly judges: readonly Judge[];
  /** Of the user's own scorer file, where the spec names one. */
  readonly fileHash: string | null;
}

const SHORT = 12;
/** A share from here on is true, where the outcome of that name is true or false. */
const HALF = 0.5;

/** @throws HarnessError `outcome-invalid` for a metric that is no outcome's name, `usage` for an amount. */
export function onlineRater(spec: ScorerSpec, { judges, fileHash }: RaterParts): OnlineRater {
  const compares = spec.scorer === PAIRWISE;
  const source = judges.length > 0 ? "judge" : "rule";
  const metric = onlineMetric(spec);
  const { metric: _metric, weight: _weight, required: _required, ...asked } = spec;
  const hash = sha256(canonicalJson([asked, judges.map((one) => one.hash), fileHash]));
  const [judge] = judges;
  const single = judges.length === 1 && judge !== undefined && !compares && spec.negate !== true;
  const names = judges.map(judgeName).join("+");
  const rule = spec.negate === true ? `not-${spec.scorer}` : spec.scorer;
  // A calibration is of one judge's grades; what a panel or a comparison says is none of those.
  const by = single
    ? `${judge.key}@v${judge.version}#${judge.hash}`
    : `${judges.length === 0 ? rule : `${rule}:${names}`}#${hash.slice(0, SHORT)}`;
  const amount = amountLack(spec);
  if (amount !== undefined) throw new HarnessError("usage", amount);
  checkOutcome({ name: metric, value: outcomeValueOf(metric, 1), source });
  return { spec, metric, source, by, hash, compares };
}

/**
 * The name of the outcomes of a scorer: its metric, else `quality` for a judge's grades, `preference` for what a
 * judge says of two answers, and a rule's own name, since a format that was kept is no quality yet.
 */
function onlineMetric(spec: ScorerSpec): string {
  if (spec.metric !== undefined) return spec.metric;
  if (spec.scorer === PAIRWISE) return "preference";
  return spec.scorer === "judge" ? "quality" : metricOf(spec);
}

/** In a sentence, that a score would pass for an amount; undefined where it would not. */
export function amountLack(spec: ScorerSpec): string | undefined {
  const metric = onlineMetric(spec);
  const isAmount =
    Object.hasOwn(STANDARD_METRICS, metric) &&
    STANDARD_METRICS[metric as keyof typeof STANDARD_METRICS].kind === "amount";
  if (!isAmount) return undefined;
  return `Scorer "${spec.scorer}" would say ${metric}, which is the name of an amount and no score; give it a metric of its own.`;
}

/** A score as the outcome of that name takes it. */
export function outcomeValueOf(metric: string, score: number): OutcomeValue {
  return typeOf(metric) === "boolean" ? score >= HALF : score;
}

function typeOf(metric: string): "boolean" | "share" | "number" | undefined {
  if (!Object.hasOwn(STANDARD_OUTCOMES, metric)) return undefined;
  return STANDARD_OUTCOMES[metric as keyof typeof STANDARD_OUTCOMES].type;
}

/**
 * The id of what this rater says of this call: a UUIDv7 with the call's time and bits of SHA-256 over both. Who
 * says it again says the same outcome, which the ledger takes once.
 */
export function raterOutcomeId(execution: ExecutionId, { hash, metric }: OnlineRater): OutcomeId {
  const digest = sha256(`${execution} ${hash} ${metric}`);
  const time = execution.slice(0, 13);
  const variant = "89ab"[Number.parseInt(digest.slice(3, 4), 16) % 4];
  return `${time}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}` as OutcomeId;
}
