/** Verifies a whole store on a connection and in a read transaction of its own, so that writers go on meanwhile. */
import type { Anchor, Clock, VerifyReport } from "@colophon/kernel";
import { Findings } from "../../shared/findings.ts";
import { openSqliteCore } from "../open-sqlite-core.ts";
import type { SqliteCore } from "../sqlite-core.ts";
import { sqliteTrouble } from "../sqlite-error.ts";
import { verifyChains } from "./verify-chains.ts";
import { verifyIndexes } from "./verify-indexes.ts";
import { verifyMetrics } from "./verify-metrics.ts";
import { verifyRecords, verifyTexts } from "./verify-records.ts";
import { verifyPages, verifySchema } from "./verify-schema.ts";
import { verifySeals } from "./verify-seals.ts";
import { verifySubjects } from "./verify-subjects.ts";
import { verifySums } from "./verify-sums.ts";

export async function verifyStore(
  options: { readonly file: string; readonly clock: Clock },
  anchor: Anchor | undefined,
): Promise<VerifyReport> {
  const core = openSqliteCore({ ...options, mode: "read", busyTimeout: 1000 });
  try {
    core.db.exec("BEGIN");
    return await verifyAll(core, anchor);
  } finally {
    core.close();
  }
}

async function verifyAll(core: SqliteCore, anchor: Anchor | undefined): Promise<VerifyReport> {
  const findings = new Findings();
  const legibly = createLegibly(findings);
  legibly("schema", () => verifySchema(core.db, findings));
  legibly("file", () => verifyPages(core.db, findings));
  const records = legibly("records", () => verifyRecords(core, findings)) ?? 0;
  const texts = legibly("texts", () => verifyTexts(core, findings)) ?? 0;
  const seals = legibly("seals", () => verifySeals(core, anchor, findings)) ?? 0;
  const executions = await verifyChains(core, { of: "executions", anchor }, findings);
  const outcomes = await verifyChains(core, { of: "outcomes", anchor }, findings);
  legibly("indexes", () => verifyIndexes(core, findings));
  legibly("sums", () => verifySums(core, findings));
  legibly("metrics", () => verifyMetrics(core, findings));
  legibly("subjects", () => verifySubjects(core, findings));
  return {
    records,
    texts,
    executions: executions.rows,
    outcomes: outcomes.rows,
    writers: new Set([...executions.writers, ...outcomes.writers]).size,
    seals,
    findings: findings.close(),
  };
}

/** Runs a check; what SQLite cannot read any more is a finding, and the other checks go on. */
function createLegibly(findings: Findings) {
  return <T>(where: string, check: () => T): T | undefined => {
    try {
      return check();
    } catch (error) {
      if (sqliteTrouble(error) === undefined) throw error;
      findings.add("unreadable", where, `SQLite says: ${(error as Error).message}.`);
      return undefined;
    }
  };
}
