/** Standing guards, and proposals for them, as tables for people. */
import { formatFigure, formatShare, type GuardRow, type TuneReport, type TuneRow } from "@colophon/harness";
import { STANDARD_METRICS } from "@colophon/kernel";
import type { Paint } from "../cli.ts";
import { type Column, shortTime, textTable, versionName } from "../text-table.ts";

export function guardTable(rows: readonly GuardRow[], paint: Paint): string {
  if (rows.length === 0) return "No standing guards; `colophon guards tune` proposes some.";
  const words = rows.map((row) => `${row.id}  ${row.words}. Set because: ${row.reason}`);
  return [textTable(rows, GUARD_COLUMNS, paint), "", ...words].join("\n");
}

const GUARD_COLUMNS: readonly Column<GuardRow>[] = [
  { title: "environment", cell: ({ environment }) => environment },
  { title: "fires when", cell: ruleWords },
  { title: "in", cell: ({ window }) => durationWords(window), align: "right" },
  { title: "least", cell: ({ minimum }) => formatFigure(minimum), align: "right" },
  { title: "then", cell: ({ action }) => action },
  {
    title: "now",
    cell: ({ state }) => state,
    color: (text, { state }, paint) =>
      state === "breached" ? paint.red(text) : state === "watching" ? paint.green(text) : text,
  },
  { title: "live", cell: ({ version }) => (version === null ? null : versionName(version)) },
  {
    title: "value",
    cell: ({ metric, measure, value }) => (value === null ? null : figureOf({ metric, measure }, value)),
    align: "right",
  },
  { title: "over", cell: ({ count }) => formatFigure(count), align: "right" },
  { title: "fired about", cell: ({ fired }) => fired.map((version) => `v${version}`).join(", ") },
];

function ruleWords({ metric, direction, limit, against, measure }: GuardRow): string {
  const per = measure === "per-hour" ? " an hour" : "";
  const bound =
    against === "limit" ? figureOf({ metric, measure }, limit) : `${formatFigure(limit)} × predecessor's`;
  return `${metric} ${direction} ${bound}${per}`;
}

/** Shares are shares of calls; what is summed up per hour is a count or an amount. */
function figureOf({ metric, measure }: Pick<GuardRow, "metric" | "measure">, value: number): string {
  const known = Object.hasOwn(STANDARD_METRICS, metric);
  const { unit } = known ? STANDARD_METRICS[metric as keyof typeof STANDARD_METRICS] : { unit: "" };
  if (unit === "share" && measure === "mean") return formatShare(value);
  return unit === "ms" ? `${formatFigure(value)} ms` : formatFigure(value);
}

/** The longest unit that gives a whole number. */
export function durationWords(ms: number): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1_000],
  ] as const;
  const [name, length] = units.find(([, unit]) => ms % unit === 0) ?? ["ms", 1];
  return `${ms / length}${name}`;
}

export function tuneTable(report: TuneReport, paint: Paint): string {
  const { since, until, target, rows } = report;
  const period = `${shortTime(since)} to ${shortTime(until)}, at most ${formatFigure(target)} false alarms a week each`;
  const set = rows.filter(({ guard }) => guard !== null).length;
  const end =
    set > 0
      ? `Set ${set} of them.`
      : rows.some(({ status }) => status === "proposed")
        ? "Nothing was recorded; --accept sets them."
        : "Nothing was recorded.";
  return [period, textTable(rows, TUNE_COLUMNS, paint), "", end].join("\n");
}

const TUNE_COLUMNS: readonly Column<TuneRow>[] = [
  { title: "metric", cell: ({ metric }) => metric },
  {
    title: "limit",
    cell: (row) =>
      row.limit === null ? null : `${row.direction} ${figureOf(row, row.limit)}${perHour(row)}`,
  },
  { title: "in", cell: ({ window }) => durationWords(window), align: "right" },
  { title: "then", cell: ({ action }) => action },
  { title: "usual", cell: (row) => (row.usual === null ? null : figureOf(row, row.usual)), align: "right" },
  { title: "worst", cell: (row) => (row.worst === null ? null : figureOf(row, row.worst)), align: "right" },
  {
    title: "false alarms a week",
    cell: ({ falseAlarms }) =>
      falseAlarms === null
        ? null
        : `${formatFigure(falseAlarms.expected)} (at most ${formatFigure(falseAlarms.upper)})`,
    align: "right",
  },
  { title: "windows", cell: ({ windows }) => formatFigure(windows), align: "right" },
  { title: "days", cell: ({ days }) => days, align: "right" },
  { title: "", cell: ({ insufficient }) => (insufficient === null ? " " : `insufficient: ${insufficient}`) },
];

function perHour({ measure }: TuneRow): string {
  return measure === "per-hour" ? " an hour" : "";
}
