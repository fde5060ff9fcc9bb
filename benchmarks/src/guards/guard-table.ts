/** A table of simulated figures, and the claim that those with a budget must bear out. */
import { against, atMost, type Figure, figure } from "../figure.ts";
import { formatNumber } from "../report/format-figure.ts";

export interface GuardRow {
  /** What the row is about. */
  readonly cell: string;
  /** Named as their columns; null where there is nothing to say. */
  readonly figures: readonly (Figure | null)[];
}

export interface GuardTable {
  readonly title: string;
  /** How the figures came about. */
  readonly method: string;
  /** What must hold in every row. */
  readonly claim: string;
  readonly rows: readonly GuardRow[];
}

export function holds({ figures }: GuardRow): boolean {
  return figures.every((one) => one?.ok !== false);
}

/** A share in [0, 1], in percent. */
export function share(name: string, value: number): Figure {
  return figure(name, 100 * value, "%");
}

/** A share of `streams` that must not exceed `level`, but for three standard errors of chance. */
export function shareWithin(name: string, value: number, { level, streams }: Claimed): Figure {
  const chance = 3 * Math.sqrt((level * (1 - level)) / streams);
  return against(share(name, value), atMost(100 * (level + chance)));
}

interface Claimed {
  readonly level: number;
  readonly streams: number;
}

/** A median beside what the specification has, which it may exceed by a fifth. */
export function beside(median: Figure, specified: number | null): readonly (Figure | null)[] {
  if (specified === null) return [median, null];
  return [against(median, atMost(1.2 * specified)), figure("specified", specified, median.unit)];
}

/** The figures as results keep them, by table, row and column. */
export function figuresOf({ title, rows }: GuardTable): readonly Figure[] {
  return rows.flatMap(({ cell, figures }) =>
    figures.flatMap((one) => (one === null ? [] : [{ ...one, name: `${title}: ${cell}, ${one.name}` }])),
  );
}

export function printTable(table: GuardTable): string {
  const { title, method, claim, rows } = table;
  const columns = (rows[0]?.figures ?? []).map(
    (_, at) => rows.map(({ figures }) => figures[at]).find((one) => one != null)?.name ?? "",
  );
  const lines = [
    ["", ...columns, ""],
    ...rows.map((row) => [row.cell, ...row.figures.map(printFigure), holds(row) ? "" : "✗"]),
  ];
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const printed = lines.map((line) =>
    line
      .map((text, at) => (at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  const verdict = rows.every(holds) ? "holds" : "DOES NOT HOLD";
  return `${title}\n${method}\n${printed.join("\n")}\nClaim: ${claim}: ${verdict}.`;
}

function printFigure(one: Figure | null): string {
  if (one === null) return "";
  if (!Number.isFinite(one.value)) return "never";
  if (one.unit === "%") return `${one.value.toFixed(1)} %`;
  return one.value < 10 ? formatNumber(one.value) : formatNumber(Math.round(one.value)).replace(/\.0$/, "");
}
