/** One model of a report, which every format is written from. */

/** What a report comes down to. */
export type ReportState = "ship" | "block" | "inconclusive" | "invalid" | "done" | "unfinished";

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface ReportColumn {
  readonly title: string;
  readonly align?: "right";
}

export interface ReportTable {
  readonly title: string;
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly string[])[];
  /** What was left out; null for nothing. */
  readonly rest: string | null;
}

/** Counts of values by equal parts of a range. */
export interface Histogram {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

/** A value with its bounds; those that are not known are not drawn. */
export interface IntervalRow {
  readonly name: string;
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** What a picture shows as one square. */
export interface HeatCell {
  readonly label: string;
  readonly tone: "good" | "bad" | "stale" | "open" | "none";
}

export type Picture =
  | {
      readonly kind: "histograms";
      readonly title: string;
      readonly unit: string;
      readonly series: readonly Histogram[];
    }
  | {
      readonly kind: "intervals";
      readonly title: string;
      /** Drawn across all rows: what must not be passed. */
      readonly limit: { readonly at: number; readonly name: string } | null;
      readonly rows: readonly IntervalRow[];
    }
  | {
      readonly kind: "heat-map";
      readonly title: string;
      readonly columns: readonly string[];
      readonly rows: readonly { readonly name: string; readonly cells: readonly HeatCell[] }[];
    };

/** A line of a report that machines count. */
export interface Check {
  readonly name: string;
  readonly state: "passed" | "failed" | "error" | "skipped";
  readonly message: string;
}

export interface Report {
  readonly title: string;
  readonly state: ReportState;
  readonly facts: readonly Fact[];
  /** In words, the weightiest first. */
  readonly reasons: readonly string[];
  readonly tables: readonly ReportTable[];
  readonly pictures: readonly Picture[];
  readonly checks: readonly Check[];
}

export const REPORT_FORMATS = ["table", "json", "junit", "markdown", "html"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Rows that people look at; the JSON form of an answer has all of them. */
const SHOWN = 20;

/**
 * A table of the first rows, saying how many were left out.
 *
 * @example
 * const table = reportTable("Prompts", [{ title: "prompt" }], [["support.triage"]]);
 */
export function reportTable(
  title: string,
  columns: readonly ReportColumn[],
  rows: readonly (readonly string[])[],
): ReportTable {
  const left = rows.length - SHOWN;
  return { title, columns, rows: rows.slice(0, SHOWN), rest: left > 0 ? `and ${left} more` : null };
}

/** A share of the scale in points of 100; a dash for what is not known. */
export function points(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : (100 * value).toFixed(1);
}

/** With its sign, as differences are read. */
export function signedPoints(value: number | null | undefined): string {
  const shown = points(value);
  return value !== null && value !== undefined && value > 0 ? `+${shown}` : shown;
}

/** An amount of money to four significant digits. */
export function moneyText(money: { readonly amount: number; readonly currency: string } | null): string {
  return money === null ? "unknown" : `${Number(money.amount.toPrecision(4))} ${money.currency}`;
}
