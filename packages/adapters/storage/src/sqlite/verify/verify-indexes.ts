/** Holds the ledger's late indexes against the rows up to their watermark. */
import type { Findings } from "../../shared/findings.ts";
import { indexWatermark, LATE_COLUMNS, type LateColumn, lateIndexOf } from "../late-indexes.ts";
import type { SqlRow } from "../node-sqlite.ts";
import type { SqliteCore } from "../sqlite-core.ts";

export function verifyIndexes(core: SqliteCore, findings: Findings): void {
  const indexed = verifyWatermark(core, findings);
  for (const column of LATE_COLUMNS) verifyIndex(core, { column, indexed }, findings);
}

interface Indexed {
  readonly column: LateColumn;
  readonly indexed: number;
}

/** Entries that are all those of different rows, and as many as there are rows, are the rows' own. */
function verifyIndex(core: SqliteCore, { column, indexed }: Indexed, findings: Findings): void {
  const name = lateIndexOf(column);
  const strange = core.prepare(
    `SELECT entry.n FROM ${name} AS entry LEFT JOIN execution AS row ON row.n = entry.n
     WHERE entry.n > ? OR row.${column} IS NOT entry.${column} OR row.at IS NOT entry.at`,
  );
  for (const { n } of strange.iterate(indexed) as Iterable<SqlRow>)
    findings.add("index-mismatch", `${name}, row ${n}`, "The index has an entry that is not the row's.");
  const { entries, rows } = core
    .prepare(
      `SELECT (SELECT count(*) FROM ${name} WHERE n <= ?) AS entries,
       (SELECT count(${column}) FROM execution WHERE n <= ?) AS rows`,
    )
    .get(indexed, indexed) as { entries: number; rows: number };
  if (entries !== rows)
    findings.add(
      "index-mismatch",
      name,
      `The index has ${entries} entries, and there are ${rows} rows for it.`,
    );
}

function verifyWatermark(core: SqliteCore, findings: Findings): number {
  const indexed = indexWatermark(core);
  const { last } = core.prepare("SELECT ifnull(max(n), 0) AS last FROM execution").get() as { last: number };
  if (indexed === undefined)
    findings.add("index-mismatch", "watermark", "The watermark of the indexes is gone.");
  else if (indexed > last)
    findings.add(
      "index-mismatch",
      "watermark",
      `The indexes claim row ${indexed}, and the last row is ${last}.`,
    );
  return indexed ?? 0;
}
