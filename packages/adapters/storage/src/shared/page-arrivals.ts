/** Makes one page of arrivals: what a reader has not met yet, each row and each outcome once. */
import type { Arrivals, ArrivedOutcome, Execution } from "@colophon/kernel";
import { type ArrivalPlace, cursorOf } from "./arrival-place.ts";

/** A row or an outcome with its number, which tells the order of arrival. */
export interface Numbered<T> {
  readonly n: number;
  readonly value: T;
}

/** Numbers above the first, up to the second. */
export interface NumberRange {
  readonly after: number;
  readonly upTo: number;
}

/** A ledger at one moment, as far as the reader's filter lets it in. */
export interface ArrivalSource {
  readonly end: ArrivalPlace;
  /** The first rows of a range, in order. */
  executions(range: NumberRange, limit: number): readonly Numbered<Execution>[];
  /** The outcomes of a row up to a number, in order. */
  outcomesOf(row: Numbered<Execution>, upTo: number): readonly Numbered<ArrivedOutcome>[];
  /** The first outcomes of a range whose rows are numbered up to `lastRow`, in order. */
  outcomes(range: NumberRange, lastRow: number, limit: number): readonly Numbered<ArrivedOutcome>[];
}

const LIMIT_UNLESS_SAID = 1000;
/** Rows that one page looks at, so that it takes milliseconds also where few of them fit. */
const LOOKED_AT = 20_000;

/**
 * A reader has met an outcome when both its number and its row's number lie behind it, so what is new to
 * it are outcomes whose number it passes now, of rows passed by now; and outcomes that it passed before,
 * of rows that it passes now.
 */
export function pageArrivals(source: ArrivalSource, from: ArrivalPlace, limit = LIMIT_UNLESS_SAID): Arrivals {
  const room = Math.max(1, Math.floor(limit));
  const rows = pageRows(source, from, room);
  const late = pageOutcomes(source, { from, lastRow: rows.upTo }, room - rows.size);
  const { end } = source;
  return {
    executions: rows.executions,
    outcomes: [...rows.early.sort((a, b) => a.n - b.n), ...late.outcomes].map(({ value }) => value),
    cursor: cursorOf({ executions: rows.upTo, outcomes: late.upTo }),
    done: rows.upTo === end.executions && late.upTo === end.outcomes,
  };
}

function pageRows(source: ArrivalSource, from: ArrivalPlace, room: number) {
  const lookedAt = Math.min(source.end.executions, from.executions + LOOKED_AT);
  const found = source.executions({ after: from.executions, upTo: lookedAt }, room);
  const executions: Execution[] = [];
  const early: Numbered<ArrivedOutcome>[] = [];
  for (const row of found) {
    executions.push(row.value);
    early.push(...source.outcomesOf(row, from.outcomes));
    const size = executions.length + early.length;
    if (size >= room) return { executions, early, size, upTo: row.n };
  }
  return { executions, early, size: executions.length + early.length, upTo: lookedAt };
}

function pageOutcomes(
  source: ArrivalSource,
  { from, lastRow }: { readonly from: ArrivalPlace; readonly lastRow: number },
  room: number,
) {
  if (room <= 0) return { outcomes: [], upTo: from.outcomes };
  const lookedAt = Math.min(source.end.outcomes, from.outcomes + LOOKED_AT);
  const outcomes = source.outcomes({ after: from.outcomes, upTo: lookedAt }, lastRow, room);
  const full = outcomes.length === room;
  return { outcomes, upTo: full ? (outcomes.at(-1) as Numbered<ArrivedOutcome>).n : lookedAt };
}
