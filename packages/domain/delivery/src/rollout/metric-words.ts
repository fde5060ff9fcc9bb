/** Figures of guards in words. */
import { type EpochMs, type GuardReading, STANDARD_METRICS } from "@colophon/kernel";

/** A metric's value as people read it: shares in percent, amounts in their unit. */
export function metricValue(metric: string, value: number): string {
  const { unit } = Object.hasOwn(STANDARD_METRICS, metric)
    ? STANDARD_METRICS[metric as keyof typeof STANDARD_METRICS]
    : { unit: null };
  switch (unit) {
    case "share":
      return sharePercent(value);
    case "ms":
      return `${rounded(value)} ms`;
    case "characters":
      return `${rounded(value)} characters`;
    default:
      return rounded(value);
  }
}

export function sharePercent(share: number): string {
  return `${rounded(share * 100)} %`;
}

/** Three figures that count, without an exponent for everyday sizes. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function isoTime(at: EpochMs): string {
  return new Date(at).toISOString();
}

/** What a guard found, against what, and on how many units. */
export function readingWords(reading: GuardReading, baseline: number): string {
  const { metric, kind, challenger, control, units, evidence, limit } = reading;
  const is = challenger === null ? "unknown" : metricValue(metric, challenger);
  if (kind === "limit") {
    return `${metric} is ${is} over ${units} observations of v${reading.version}, beyond its limit of ${metricValue(metric, limit)}`;
  }
  const against = control === null ? "" : ` against ${metricValue(metric, control)} of v${baseline}`;
  const strength = evidence === null ? "" : ` (evidence ${rounded(evidence)}, fires at ${rounded(limit)})`;
  return `${metric} is ${is} over ${units} units of v${reading.version}${against}${strength}`;
}
