/** Rebuilds the hourly sums from the rows, and re-hashes the pseudonyms of subjects that are not erased. */
import { SUBJECT_KINDS, type SubjectKind } from "@colophon/kernel";
import { subjectPseudonym } from "../../shared/keyed-hash.ts";
import { toHex } from "../bytes.ts";
import { fastHash } from "../fast-hash.ts";
import type { SqlRow } from "../node-sqlite.ts";
import { ROLLUP_KEYS, ROLLUP_SUMS } from "../schema.ts";
import type { SqliteCore } from "../sqlite-core.ts";
import type { Findings } from "./findings.ts";

const KEYS = ROLLUP_KEYS.map(([name]) => name);
const SUMS = ROLLUP_SUMS.map(([name]) => name);

const REBUILT = `SELECT ${ROLLUP_KEYS.map(([name, value]) => `${value} AS ${name}`).join(", ")},
  ${ROLLUP_SUMS.map(([name, value]) => `sum(${value}) AS ${name}`).join(", ")}
  FROM execution AS row GROUP BY 1, 2, 3, 4`;

const COMPARED = `WITH rebuilt AS (${REBUILT})
  SELECT ifnull(b.hour, k.hour) AS hour, ifnull(b.version, k.version) AS version
  FROM rebuilt b FULL JOIN rollup k ON ${KEYS.map((name) => `b.${name} = k.${name}`).join(" AND ")}
  WHERE ${SUMS.map((name) => `b.${name} IS NOT k.${name}`).join(" OR ")}`;

export function verifyRollups(core: SqliteCore, findings: Findings): void {
  for (const row of core.prepare(COMPARED).iterate() as Iterable<SqlRow>) {
    const hour = new Date((row.hour as number) * 3_600_000).toISOString().slice(0, 13);
    findings.add(
      "rollup-mismatch",
      `hour ${hour}, version ${row.version}`,
      "The sums of the hour are not what its rows add up to.",
    );
  }
}

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
