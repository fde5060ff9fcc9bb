/** How old an eval set is, and whether it is overdue for a refresh. */
import type { EpochMs, EvalSetEntry } from "@colophon/kernel";

const DAY_MS = 86_400_000;

export interface EvalSetAge {
  /** Whole days since the version's cases were recorded. */
  readonly days: number;
  /** When the set is due for a refresh; null where nobody said how often. */
  readonly due: EpochMs | null;
  readonly overdue: boolean;
}

/** A new version begins a new interval; changed facts about the same cases do not. */
export function evalSetAge(entry: Pick<EvalSetEntry, "made" | "refreshDays">, now: EpochMs): EvalSetAge {
  const { made, refreshDays } = entry;
  const due = refreshDays === null ? null : made + refreshDays * DAY_MS;
  const days = Math.max(0, Math.floor((now - made) / DAY_MS));
  return { days, due, overdue: due !== null && now >= due };
}

/** What a verdict says of an overdue set; undefined for one that is not. */
export function overdueSentence(entry: EvalSetEntry, now: EpochMs): string | undefined {
  const { due, overdue, days } = evalSetAge(entry, now);
  if (!overdue || due === null) return undefined;
  const since = new Date(due).toISOString().slice(0, 10);
  return `The eval set ${entry.name}@v${entry.version} is ${days} days old and overdue for a refresh since ${since}.`;
}
