/** Costs as a table for people. */
import { type CostReport, type CostRow, formatAmount, formatFigure, formatShare } from "@colophon/harness";
import type { PriceSource } from "@colophon/kernel";
import type { Paint } from "./cli.ts";
import { type Column, shortHash, shortTime, textTable, versionName } from "./text-table.ts";

export function costTable(report: CostReport, paint: Paint): string {
  const { rows, total, since, until } = report;
  const period = `${shortTime(since)} to ${shortTime(until)}`;
  if (rows.length === 0) return `${period}\nNo recorded calls.`;
  return [
    period,
    textTable(rows, columnsOf(report), paint),
    "",
    `Total ${amountsOf(total) ?? "unknown"} in ${callCount(total.calls)}.`,
    ...unpricedLines(report),
    ...sourceLines(total.tables, report.workingCopy),
  ].join("\n");
}

/** Where prices were read from, by hash. */
export function sourceLines(tables: readonly PriceSource[], workingCopy: string | null): readonly string[] {
  const names = tables.map(({ kind, name, hash }) =>
    kind === "working-copy"
      ? `${workingCopy ?? name} ${shortHash(hash)} (not recorded)`
      : `${kind} ${name} ${shortHash(hash)}`,
  );
  return names.length === 0 ? [] : [`Priced by ${names.join(", ")}.`];
}

export function callCount(calls: number): string {
  return `${formatFigure(calls)} ${calls === 1 ? "call" : "calls"}`;
}

function columnsOf({ by }: CostReport): readonly Column<CostRow>[] {
  const dimensions: readonly Column<CostRow>[] = by.map((name) => ({
    title: name,
    cell: (row) => (name === "version" ? versionName(row.version as number | null) : row[name]),
  }));
  const figures: readonly (readonly [string, (row: CostRow) => string | null])[] = [
    ["calls", ({ calls }) => formatFigure(calls)],
    ["input", ({ tokens }) => formatFigure(tokens.input)],
    ["cached", ({ tokens }) => formatFigure(tokens.cacheRead)],
    ["output", ({ tokens }) => formatFigure(tokens.output)],
    ["reasoning", ({ tokens }) => formatFigure(tokens.reasoning)],
    ["cost", amountsOf],
    [
      "share",
      ({ amounts }) => joined(amounts.map(({ share }) => (share === null ? "–" : formatShare(share)))),
    ],
    ["unpriced", ({ unpriced }) => (unpriced.calls === 0 ? null : callCount(unpriced.calls))],
  ];
  return [...dimensions, ...figures.map(([title, cell]) => ({ title, cell, align: "right" as const }))];
}

function amountsOf({ amounts }: Pick<CostRow, "amounts">): string | null {
  return joined(amounts.map(({ amount, currency }) => formatAmount(amount, { currency })));
}

function joined(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.join(" + ");
}

function unpricedLines({ total, unpricedModels }: CostReport): readonly string[] {
  const { calls, inputTokens, outputTokens } = total.unpriced;
  if (calls === 0) return [];
  const models = unpricedModels.map((one) => `${one.model} (${callCount(one.calls)})`);
  const named = models.length === 0 ? "" : `; without a price: ${models.join(", ")}`;
  const tokens = `${formatFigure(inputTokens)} input and ${formatFigure(outputTokens)} output tokens`;
  return [`Not in it: ${callCount(calls)} without a price or without tokens, of ${tokens}${named}.`];
}
