/** Metrics as a table for people: a line for each metric of each place. */
import {
  formatAmount,
  formatFigure,
  formatShare,
  type MetricReport,
  type MetricRow,
} from "@colophon/harness";
import type { Paint } from "../cli.ts";
import { type Column, shortTime, textTable, versionName } from "../text-table.ts";

type Figure = MetricRow["metrics"][string];

interface Line {
  readonly row: MetricRow;
  readonly metric: string;
  readonly figure: Figure | MetricRow["cost"];
  /** How values of this metric are written. */
  readonly show: (value: number) => string;
  readonly note: string | null;
}

export function metricTable(report: MetricReport, paint: Paint): string {
  const { rows, since, until, newest, by } = report;
  const period = `${shortTime(since)} to ${shortTime(until)}`;
  if (rows.length === 0) return `${period}\nNo ${report.lane === "shadow" ? "shadowed" : "served"} calls.`;
  const lines = rows.flatMap(linesOf);
  const read = `Quantiles of cost${report.lane === "shadow" ? " and distances" : ""} and judges' shares are read from the newest ${formatFigure(newest)} calls; intervals are of 95 %.`;
  return [period, textTable(lines, columnsOf(by), paint), "", read].join("\n");
}

function columnsOf(by: MetricReport["by"]): readonly Column<Line>[] {
  const dimensions: readonly Column<Line>[] = by.map((name) => ({
    title: name,
    cell: ({ row }) => dimensionOf(row, name),
  }));
  const figures: readonly (readonly [string, (line: Line) => string | null])[] = [
    ["value", ({ figure, show }) => (figure.value === null ? null : show(figure.value))],
    ["interval", intervalOf],
    ["count", ({ figure }) => formatFigure(figure.samples)],
    ["p50", ({ figure, show }) => (figure.quantiles === null ? null : show(figure.quantiles.p50))],
    ["p95", ({ figure, show }) => (figure.quantiles === null ? null : show(figure.quantiles.p95))],
    ["p99", ({ figure, show }) => (figure.quantiles === null ? null : show(figure.quantiles.p99))],
  ];
  return [
    { title: "environment", cell: ({ row }) => row.environment },
    ...dimensions,
    { title: "metric", cell: ({ metric }) => metric },
    ...figures.map(([title, cell]) => ({ title, cell, align: "right" as const })),
    { title: "", cell: ({ note, figure }) => note ?? figure.reason ?? " " },
  ];
}

function dimensionOf(row: MetricRow, name: MetricReport["by"][number]): string | null {
  switch (name) {
    case "version":
      return versionName(row.version);
    case "hour":
      return shortTime(row.hour);
    case "day":
      return row.day?.slice(0, 10) ?? null;
    default:
      return row[name] ?? null;
  }
}

function intervalOf({ figure, show }: Line): string | null {
  const { lower, upper } = figure;
  return lower === null || upper === null ? null : `${show(lower)} to ${show(upper)}`;
}

function linesOf(row: MetricRow): readonly Line[] {
  const calls = { kind: "amount", value: row.calls, lower: null, upper: null, samples: row.calls } as const;
  const none = { quantiles: null, reason: null, sources: null };
  return [
    { row, metric: "calls", figure: { ...calls, ...none }, show: formatFigure, note: null },
    ...Object.entries(row.metrics).flatMap(([metric, figure]) => metricLines(row, metric, figure)),
    costLine(row),
    ...judgeLines(row),
    ...shadowLines(row),
  ];
}

function metricLines(row: MetricRow, metric: string, figure: Figure): readonly Line[] {
  const show = figure.kind === "event" ? formatShare : formatFigure;
  const line = { row, metric, figure, show, note: null };
  const sources = Object.entries(figure.sources ?? {}).map(([source, one]) => ({
    ...line,
    metric: `  ${source}`,
    figure: { ...one, sources: null },
  }));
  return [line, ...sources];
}

function costLine(row: MetricRow): Line {
  const { cost } = row;
  const currency = cost.currency ?? "";
  const show = (value: number): string => formatAmount(value, { currency });
  const total = cost.totals
    .map(({ amount, currency: of }) => formatAmount(amount, { currency: of }))
    .join(" + ");
  const unpriced = cost.unpriced === 0 ? "" : `, ${formatFigure(cost.unpriced)} calls unpriced`;
  const note = cost.value === null ? null : `${total} in all${unpriced}`;
  return { row, metric: "cost", figure: cost, show, note };
}

function judgeLines(row: MetricRow): readonly Line[] {
  return row.judged.flatMap(({ judge, passed, corrected, samples, reason }) => {
    const line = (metric: string, estimate: typeof passed, note: string | null): Line => {
      const { value = null, lower = null, upper = null } = estimate ?? {};
      const figure = {
        kind: "event",
        value,
        lower,
        upper,
        samples,
        quantiles: null,
        reason,
        sources: null,
      } as const;
      return { row, metric, figure, show: formatShare, note };
    };
    // A judge's outcomes name the whole hash of its text.
    const note = `as ${judge.replace(/(#\w{12})\w+$/, "$1")} says`;
    return [
      line("good, judged", passed, passed === null ? reason : note),
      line("good, corrected", corrected, corrected === null ? reason : `${note}, its errors taken out`),
    ];
  });
}

function shadowLines(row: MetricRow): readonly Line[] {
  const { shadow } = row;
  if (shadow === null) return [];
  const insufficient = shadow.reason === null ? null : `insufficient: ${shadow.reason}`;
  const own = { row, note: insufficient };
  return [
    {
      ...own,
      metric: "differs from live",
      figure: { ...shadow.differing, sources: null },
      show: formatShare,
    },
    { ...own, metric: "distance to live", figure: { ...shadow.distance, sources: null }, show: formatShare },
  ];
}
