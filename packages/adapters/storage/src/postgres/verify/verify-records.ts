/** Holds the registry's log against its chain and its seals, and the texts against their hashes. */
import { toHex } from "../../shared/bytes.ts";
import type { Findings } from "../../shared/findings.ts";
import { checkText, RecordWalk } from "../../shared/record-walk.ts";
import type { Connection } from "../postgres-core.ts";
import { RETENTION } from "../retain-ledger.ts";
import { walkRows } from "../walk-rows.ts";
import type { Verification } from "./verify-store.ts";

/** Re-hashes every text, and says which there are. */
export async function verifyTexts(
  connection: Connection,
  findings: Findings,
): Promise<{ readonly texts: number; readonly hashes: ReadonlySet<string> }> {
  const hashes = new Set<string>();
  for await (const row of walkRows(connection, "SELECT hash, body FROM @schema.text")) {
    hashes.add(toHex(row.hash as Uint8Array));
    checkText(row, findings);
  }
  return { texts: hashes.size, hashes };
}

export async function verifyRecords(
  { connection, findings, seals }: Verification,
  texts: ReadonlySet<string>,
): Promise<number> {
  const walk = new RecordWalk({ seals: seals.values(), hasText: (hash) => texts.has(hash) }, findings);
  for await (const row of walkRows(connection, "SELECT * FROM @schema.record ORDER BY revision")) {
    const record = walk.meet(row);
    if (record?.kind !== "audit" || record.data.action !== RETENTION) continue;
    const { detail } = record.data;
    if (detail !== null && texts.has(detail)) continue;
    findings.addOnce(
      "missing-text",
      `${detail}`,
      `Record ${record.revision} names a text that is not there.`,
    );
  }
  return walk.end().count;
}
