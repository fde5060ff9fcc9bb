/** Ledger rows as a table for people. */
import type { LedgerRow } from "@colophon/harness";
import type { Paint } from "./cli.ts";
import { shortTime, textTable, versionName } from "./text-table.ts";

export function ledgerTable(rows: readonly LedgerRow[], paint: Paint): string {
  return textTable(
    rows,
    [
      { title: "time", cell: (row) => shortTime(row.at) },
      { title: "prompt", cell: (row) => row.prompt },
      { title: "version", cell: (row) => versionName(row.version) },
      { title: "tier", cell: (row) => tier(row) },
      { title: "user", cell: (row) => short(row.subjects.user) },
      { title: "document", cell: (row) => short(row.subjects.document ?? row.subjects.documentType) },
      { title: "model", cell: (row) => models(row) },
      { title: "ms", cell: (row) => row.latency, align: "right" },
      { title: "tokens", cell: (row) => tokens(row), align: "right" },
      {
        title: "status",
        cell: (row) => row.status,
        color: (text, row) => (row.status === "ok" ? text : paint.red(text)),
      },
      {
        title: "outcomes",
        cell: (row) => row.outcomes.map(({ name, value }) => `${name}=${value}`).join(" "),
      },
      { title: "execution", cell: (row) => row.id },
    ],
    paint,
  );
}

/** With the lane, where it is another than the live one. */
function tier({ tier: decided, lane }: LedgerRow): string {
  return lane === null || lane === "live" ? (decided ?? "pin") : `${decided} ${lane}`;
}

const DATED = /^-\d{4}-?\d{2}-?\d{2}$/;

/** The model that was asked and, where another one answered, that one too; a dated name says both. */
function models({ requestedModel, answeringModel }: LedgerRow): string {
  if (answeringModel === null) return requestedModel;
  const rest = answeringModel.startsWith(requestedModel) ? answeringModel.slice(requestedModel.length) : null;
  if (rest === "" || (rest !== null && DATED.test(rest))) return answeringModel;
  return `${requestedModel} → ${answeringModel}`;
}

function tokens({ tokens: { input, output } }: LedgerRow): string | null {
  return input === null && output === null ? null : `${input ?? "?"}+${output ?? "?"}`;
}

/** Pseudonyms are long and say nothing. */
function short(subject: string | null): string | null {
  return subject !== null && /^[0-9a-f]{32}$/.test(subject) ? `${subject.slice(0, 8)}…` : subject;
}
