/** Holds the registry's log in SQLite against its chain and its seals, and the texts against their hashes. */
import { toHex } from "../../shared/bytes.ts";
import type { Findings } from "../../shared/findings.ts";
import { checkText, RecordWalk, reportMissingPart } from "../../shared/record-walk.ts";
import type { SqlRow } from "../../shared/sql-row.ts";
import { hasText } from "../registry-log.ts";
import type { SqliteCore } from "../sqlite-core.ts";
import { sealsOf } from "./verify-seals.ts";

export function verifyRecords(core: SqliteCore, findings: Findings): number {
  const walk = new RecordWalk({ seals: sealsOf(core), hasText: (hash) => hasText(core.db, hash) }, findings);
  for (const row of core.prepare("SELECT * FROM record ORDER BY revision").iterate() as Iterable<SqlRow>)
    walk.meet(row);
  const { count, last } = walk.end();
  const watch = core.prepare("SELECT revision FROM watch").get() as { readonly revision: number } | undefined;
  if (watch?.revision !== last) {
    findings.addOnce(
      "missing-record",
      `revision ${last + 1}`,
      `The log ends at ${last}, its watch says ${watch?.revision}.`,
    );
  }
  return count;
}

/** Re-hashes every text, and looks for the documents that it is made of. */
export function verifyTexts(core: SqliteCore, findings: Findings): number {
  let count = 0;
  for (const row of core.prepare("SELECT hash, body FROM text").iterate() as Iterable<SqlRow>) {
    count += 1;
    for (const part of checkText(row, findings)) {
      if (!hasText(core.db, part)) reportMissingPart(toHex(row.hash as Uint8Array), part, findings);
    }
  }
  return count;
}
