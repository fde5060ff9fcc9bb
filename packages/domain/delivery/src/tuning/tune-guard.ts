/** Proposes the limit of a standing guard from what its metric did in the past, with the false alarms to expect. */
import type { MetricKind } from "@colophon/kernel";
import { clopperPearsonBounds, quantileOf, seededDraws } from "@colophon/methods";
import { chanceLimit } from "./chance-limit.ts";
import { type PastWindow, pastWindows, type Slot } from "./past-windows.ts";
import { roundLimit } from "./round-limit.ts";

export interface TuneQuestion {
  /** What was observed, in slots of time. */
  readonly slots: readonly Slot[];
  /** Milliseconds of a slot; the window is a whole number of them. */
  readonly slot: number;
  readonly window: number;
  readonly minimum: number;
  readonly kind: MetricKind;
  readonly direction: "above" | "below";
  readonly measure: "mean" | "per-hour";
  /** False alarms a week that are put up with. */
  readonly target: number;
  /** Of the bootstrap. */
  readonly seed: number;
}

export interface FalseAlarms {
  /** A week, as the past days have it. */
  readonly expected: number;
  /** 95 %, by a bootstrap over whole days; the upper end never below what days without an alarm can prove. */
  readonly lower: number;
  readonly upper: number;
}

interface TunedFacts {
  /** Windows that had enough observations. */
  readonly windows: number;
  /** Days that they lie in. */
  readonly days: number;
  /** Observations of all of them. */
  readonly observations: number;
}

export type TunedGuard =
  | (TunedFacts & { readonly status: "insufficient"; readonly reason: string })
  | (TunedFacts & {
      readonly status: "proposed";
      readonly limit: number;
      readonly falseAlarms: FalseAlarms;
      /** The median window, and the one that came nearest to the limit or beyond it. */
      readonly usual: number;
      readonly worst: number;
    });

/** A week has good and bad days, and a threshold that saw fewer knows nothing of them. */
const LEAST_DAYS = 7;
const LEAST_WINDOWS = 50;
const WEEK_DAYS = 7;
const DRAWS = 2_000;
/** Limits that are tried, from the worst past window inwards. */
const TRIED = 400;

/**
 * The tightest limit that past windows broke at most `target` times a week, rounded outwards. Windows beyond
 * it that follow each other are one alarm, since a guard fires once. A past with an incident in it gives a
 * looser limit, and a past without one proves little: `upper` says how little.
 *
 * For events the limit also stays beyond what chance alone does to a small window (the twentieth part of
 * windows is smaller), so that a metric which was never bad is not held to never.
 */
export function tuneGuard(question: TuneQuestion): TunedGuard {
  const { slots, direction, target } = question;
  const windows = pastWindows(question);
  const days = new Set(windows.map(({ day }) => day)).size;
  const observations = slots.reduce((sum, { count }) => sum + count, 0);
  const facts = { windows: windows.length, days, observations };
  if (days < LEAST_DAYS || windows.length < LEAST_WINDOWS) {
    const reason = `${windows.length} windows on ${days} days had ${question.minimum} observations or more; ${LEAST_WINDOWS} windows on ${LEAST_DAYS} days are needed`;
    return { status: "insufficient", reason, ...facts };
  }
  const worstFirst = windows
    .map(({ value }) => value)
    .sort((a, b) => (direction === "above" ? b - a : a - b));
  const far = worstFirst[0] ?? 0;
  let limit = roundLimit(far, question);
  for (const value of worstFirst.slice(1, TRIED)) {
    const tighter = roundLimit(value, question);
    if (tighter === limit) continue;
    if (expectedAlarms(windows, tighter, question) > target) break;
    limit = tighter;
  }
  const small = quantileOf(
    windows.map(({ count }) => count).sort((a, b) => a - b),
    0.05,
  );
  const byChance = question.kind === "event" && question.measure === "mean";
  const bound = byChance ? chanceLimit(question, Math.floor(small)) : limit;
  limit = roundLimit(direction === "above" ? Math.max(limit, bound) : Math.min(limit, bound), question);
  const sorted = worstFirst.toSorted((a, b) => a - b);
  return {
    status: "proposed",
    limit,
    falseAlarms: falseAlarms(windows, limit, question),
    usual: quantileOf(sorted, 0.5),
    worst: far,
    ...facts,
  };
}

/** Alarms by day: runs of windows beyond the limit, each at its beginning. */
function alarmsByDay(
  windows: readonly PastWindow[],
  limit: number,
  { direction }: TuneQuestion,
): readonly number[] {
  const days = new Map<number, number>();
  let before: PastWindow | undefined;
  let wasBeyond = false;
  for (const window of windows) {
    const beyond = direction === "above" ? window.value > limit : window.value < limit;
    const goesOn = wasBeyond && before !== undefined && window.index === before.index + 1;
    days.set(window.day, (days.get(window.day) ?? 0) + (beyond && !goesOn ? 1 : 0));
    [before, wasBeyond] = [window, beyond];
  }
  return [...days.values()];
}

function expectedAlarms(windows: readonly PastWindow[], limit: number, question: TuneQuestion): number {
  return WEEK_DAYS * meanOf(alarmsByDay(windows, limit, question));
}

function falseAlarms(windows: readonly PastWindow[], limit: number, question: TuneQuestion): FalseAlarms {
  const days = alarmsByDay(windows, limit, question);
  const draws = seededDraws(question.seed);
  const drawn = Array.from({ length: DRAWS }, () =>
    meanOf(days.map(() => days[draws.below(days.length)] ?? 0)),
  ).sort((a, b) => a - b);
  const hits = days.filter((alarms) => alarms > 0).length;
  const proven = clopperPearsonBounds({ hits, of: days.length }, 0.025).upper;
  return {
    expected: WEEK_DAYS * meanOf(days),
    lower: WEEK_DAYS * quantileOf(drawn, 0.025),
    upper: WEEK_DAYS * Math.max(quantileOf(drawn, 0.975), proven),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
