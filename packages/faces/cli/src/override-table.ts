/** Overrides as a table for people. */
import type { PlainOverride } from "@colophon/harness";
import type { SubjectKind } from "@colophon/kernel";
import type { Paint } from "./cli.ts";
import { shortTime, textTable } from "./text-table.ts";

/** A subject in words. */
export function subjectName(kind: SubjectKind, subject: string): string {
  return `${kind === "documentType" ? "document type" : kind} ${subject}`;
}

export function overrideTable(rows: readonly PlainOverride[], paint: Paint): string {
  return textTable(
    rows,
    [
      { title: "prompt", cell: (row) => `${row.key}@v${row.version}` },
      { title: "for", cell: (row) => subjectName(row.kind, row.subject) },
      { title: "environment", cell: (row) => row.environment ?? "all" },
      { title: "expires", cell: (row) => shortTime(row.expires) },
      { title: "status", cell: (row) => row.status },
      { title: "set", cell: (row) => shortTime(row.at) },
      { title: "by", cell: (row) => row.by },
    ],
    paint,
  );
}
