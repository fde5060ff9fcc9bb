/** Re-hashes the pseudonyms of subjects that are not erased, and holds the others against the log. */
import { SUBJECT_KINDS, type SubjectKind } from "@colophon/kernel";
import { toHex } from "../../shared/bytes.ts";
import { fastHash } from "../../shared/fast-hash.ts";
import type { Findings } from "../../shared/findings.ts";
import { subjectPseudonym } from "../../shared/keyed-hash.ts";
import type { SqlRow } from "../node-sqlite.ts";
import type { SqliteCore } from "../sqlite-core.ts";

/** Pseudonyms that the log says were erased. */
function erasedSubjects(core: SqliteCore): ReadonlySet<string> {
  const rows = core.db
    .prepare(
      "SELECT json_extract(body, '$.data.subject') AS subject FROM record WHERE kind = 'erasure' AND json_valid(body)",
    )
    .all() as SqlRow[];
  return new Set(rows.map(({ subject }) => String(subject)));
}

export function verifySubjects(core: SqliteCore, findings: Findings): void {
  const erased = erasedSubjects(core);
  for (const row of core.prepare("SELECT * FROM subject").iterate() as Iterable<SqlRow>) {
    const { kind, key, value } = row;
    const pseudonym = toHex(row.pseudonym as Uint8Array);
    if (key === null && value === null) {
      if (!erased.has(pseudonym))
        findings.add("altered-subject", pseudonym, "The subject was erased, and no record says so.");
      continue;
    }
    const name = SUBJECT_KINDS[kind as number] as SubjectKind;
    const due =
      key instanceof Uint8Array && typeof value === "string"
        ? subjectPseudonym(fastHash, toHex(key), { kind: name, value })
        : null;
    if (due !== pseudonym)
      findings.add("altered-subject", pseudonym, "The subject's id and key do not make its pseudonym.");
  }
}
