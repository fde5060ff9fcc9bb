/** Puts the figures of a verdict into words. */
import type { GuardName } from "./gate-options.ts";
import type { GateComparison, GuardVerdict } from "./gate-verdict.ts";

/** A share of the scale as points of 100: 0.031 is `3.1 points`. */
export function points(value: number): string {
  const shown = (100 * value).toFixed(1);
  return `${shown === "-0.0" ? "0.0" : shown} points`;
}

/** Where a comparison lies, with its interval. */
export function comparisonSentence(
  { difference, lower, upper, cases, clusters }: GateComparison,
  against: string,
): string {
  const where =
    Math.abs(difference) < 5e-5
      ? `level with ${against}`
      : `${points(Math.abs(difference))} ${difference > 0 ? "above" : "below"} ${against}`;
  const grouped = clusters < cases ? ` in ${clusters} clusters` : "";
  return `The challenger is ${where} on ${cases} cases${grouped}; its true place is between ${signed(lower)} and ${signed(upper)}.`;
}

function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${points(value)}`;
}

const GUARD_WORDS: Readonly<Record<GuardName, string>> = {
  cost: "the mean cost of an answer",
  latencyP50: "the median latency",
  latencyP95: "the 95th percentile of latency",
  length: "the mean length of an answer",
  refusals: "the share of refusals",
};

export function guardWords(name: GuardName): string {
  return GUARD_WORDS[name];
}

/** A guard's figure beside its limit, without a full stop. */
export function guardFigure({ guard, value, limit }: GuardVerdict): string {
  const words = guardWords(guard);
  const subject = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  if (value === null) return `${subject} rose from nothing`;
  return guard === "refusals"
    ? `${subject} is ${points(value)} higher, above the limit of ${points(limit)}`
    : `${subject} is ${value.toFixed(2)} times the baseline's, above the limit of ${limit}`;
}
