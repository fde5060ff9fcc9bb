/** Turns a metric's value into how well an objective was met, from 0 to 1. */
import { HarnessError, type MetricMeaning, type Objective, STANDARD_METRICS } from "@colophon/kernel";

/**
 * 1 for the best and 0 for the worst: with a target whether it is met, with a scale the place between
 * `worst` and `best`, and without either the share itself, turned over where more of the metric is worse.
 * Null for what cannot be judged: no finite number, or without a scale outside [0, 1].
 */
export function scoreObjective({ metric, scale }: Objective, value: number): number | null {
  if (!Number.isFinite(value)) return null;
  if (scale === null) {
    if (value < 0 || value > 1) return null;
    return meaningOf(metric)?.worse === "higher" ? 1 - value : value;
  }
  if ("target" in scale) {
    return (scale.direction === "below" ? value <= scale.target : value >= scale.target) ? 1 : 0;
  }
  return Math.min(1, Math.max(0, (value - scale.worst) / (scale.best - scale.worst)));
}

/**
 * @throws HarnessError `usage` for no objective, for two of one name, for an amount without target or scale,
 * and for one that says nothing.
 */
export function checkObjectives(objectives: readonly Objective[]): void {
  if (objectives.length === 0) {
    throw new HarnessError("usage", "Shares cannot be allocated without an objective; declare at least one.");
  }
  const names = new Set<string>();
  for (const { name, metric, scale } of objectives) {
    if (names.has(name)) {
      throw new HarnessError("usage", `There are two objectives named ${name}; give each its own name.`);
    }
    names.add(name);
    if (scale === null && meaningOf(metric)?.kind === "amount") {
      throw new HarnessError(
        "usage",
        `The objective ${name} counts ${metric}, an amount; give it a scale from worst to best, or a target.`,
      );
    }
    const says =
      scale === null ||
      ("target" in scale
        ? Number.isFinite(scale.target)
        : Number.isFinite(scale.best - scale.worst) && scale.best !== scale.worst);
    if (!says) {
      throw new HarnessError(
        "usage",
        `The objective ${name} cannot judge ${metric} by ${JSON.stringify(scale)}; give finite numbers, best other than worst.`,
      );
    }
  }
}

/** Undefined for an outcome that has no standard meaning: more of it is better. */
export function meaningOf(metric: string): MetricMeaning | undefined {
  return Object.hasOwn(STANDARD_METRICS, metric)
    ? STANDARD_METRICS[metric as keyof typeof STANDARD_METRICS]
    : undefined;
}
