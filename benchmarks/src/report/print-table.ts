/** Prints a suite's figures as a table for people. */
import { formatBudget, formatNumber, formatVerdict } from "./format-figure.ts";
import type { SuiteResult } from "./suite-result.ts";

export function tableOf({ suite, figures, notes, quick }: SuiteResult): string {
  const rows = figures.map((figure) => [
    figure.name,
    formatNumber(figure.value),
    figure.unit,
    formatBudget(figure),
    formatVerdict(figure),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  const title = quick ? `${suite} (quick: these figures mean nothing)` : suite;
  return ["", title, ...lines.map((line) => `  ${line}`), ...notes.map((note) => `  · ${note}`)].join("\n");
}
