/** Re-hashes the pseudonyms of subjects that are not erased, and holds the others against the log. */
import { SUBJECT_KINDS, type SubjectKind } from "@colophon/kernel";
import { toHex } from "../../shared/bytes.ts";
import { fastHash } from "../../shared/fast-hash.ts";
import { subjectPseudonym } from "../../shared/keyed-hash.ts";
import type { SqlRow } from "../../shared/sql-row.ts";
import { readRecords } from "../registry-log.ts";
import { subjectName } from "../subject-table.ts";
import { walkRows } from "../walk-rows.ts";
import type { Verification } from "./verify-store.ts";

export async function verifySubjects({ connection, findings }: Verification): Promise<void> {
  const erasures = await readRecords(connection, { kinds: ["erasure"] });
  const erased = new Set(
    erasures.flatMap((record) => (record.kind === "erasure" ? [record.data.subject as string] : [])),
  );
  for await (const row of walkRows(connection, "SELECT * FROM @schema.subject")) {
    const pseudonym = toHex(row.pseudonym as Uint8Array);
    if (row.key === null && row.value === null && row.digest === null) {
      if (!erased.has(pseudonym))
        findings.add("altered-subject", pseudonym, "The subject was erased, and no record says so.");
    } else if (!isWhole(row, pseudonym)) {
      findings.add("altered-subject", pseudonym, "The subject's id and key do not make its pseudonym.");
    }
  }
}

function isWhole({ kind, key, value, digest }: SqlRow, pseudonym: string): boolean {
  if (!(key instanceof Uint8Array) || !(digest instanceof Uint8Array)) return false;
  try {
    const id = JSON.parse(value as string) as string;
    const subject = { kind: SUBJECT_KINDS[kind as number] as SubjectKind, value: id };
    return (
      subjectPseudonym(fastHash, toHex(key), subject) === pseudonym &&
      fastHash(subjectName(subject)) === toHex(digest)
    );
  } catch {
    return false;
  }
}
