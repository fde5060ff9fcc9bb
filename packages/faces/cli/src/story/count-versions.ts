/** The numbers of each version, read out of the ledger. */
import type { LedgerRow } from "@colophon/harness";
import type { Paint } from "../cli.ts";
import { textTable } from "../text-table.ts";
import type { ServedTicket } from "./serve-tickets.ts";

export interface VersionNumbers {
  readonly version: number | null;
  readonly calls: number;
  /** Answers that were taken over as they stood, by their outcomes. */
  readonly accepted: number;
  /** Right labels, held against the truth of the tickets. */
  readonly right: number;
  readonly tokens: number;
}

export function countVersions(
  rows: readonly LedgerRow[],
  served: readonly ServedTicket[],
): readonly VersionNumbers[] {
  const right = new Set(served.filter((one) => one.right).map((one) => one.executionId));
  const byVersion = Map.groupBy(rows, (row) => row.version);
  return Array.from(byVersion, ([version, group]) => ({
    version,
    calls: group.length,
    accepted: group.filter((row) =>
      row.outcomes.some(({ name, value }) => name === "accepted" && value === true),
    ).length,
    right: group.filter((row) => right.has(row.id)).length,
    tokens: group.reduce((sum, { tokens }) => sum + (tokens.input ?? 0) + (tokens.output ?? 0), 0),
  })).sort((a, b) => (a.version ?? 0) - (b.version ?? 0));
}

export function numbersTable(numbers: readonly VersionNumbers[], paint: Paint): string {
  return textTable(
    numbers,
    [
      { title: "version", cell: (row) => (row.version === null ? "code" : `v${row.version}`) },
      { title: "calls", cell: (row) => row.calls, align: "right" },
      { title: "accepted", cell: (row) => share(row.accepted, row.calls), align: "right" },
      { title: "right labels", cell: (row) => share(row.right, row.calls), align: "right" },
      { title: "tokens per call", cell: (row) => Math.round(row.tokens / row.calls), align: "right" },
    ],
    paint,
  );
}

function share(part: number, whole: number): string {
  return `${part} of ${whole} (${Math.round((100 * part) / whole)} %)`;
}
