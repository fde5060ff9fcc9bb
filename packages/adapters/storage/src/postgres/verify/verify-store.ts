/** Verifies a whole store on one state of it, while writers go on. */
import type { Anchor, VerifyReport } from "@colophon/kernel";
import { Findings } from "../../shared/findings.ts";
import type { StoredSeal } from "../../shared/stored-seal.ts";
import type { Connection, PostgresCore } from "../postgres-core.ts";
import { listRetentions, type Retention } from "../retain-ledger.ts";
import { verifyChains } from "./verify-chains.ts";
import { verifyMetrics } from "./verify-metrics.ts";
import { verifyRecords, verifyTexts } from "./verify-records.ts";
import { verifySchema } from "./verify-schema.ts";
import { verifySeals } from "./verify-seals.ts";
import { verifySubjects } from "./verify-subjects.ts";
import { verifySums } from "./verify-sums.ts";

/** What every check of one verification goes by. */
export interface Verification {
  readonly connection: Connection;
  readonly findings: Findings;
  readonly anchor: Anchor | undefined;
  /** The legible seals, in order. */
  readonly seals: readonly StoredSeal[];
  /** What was let go of on purpose. */
  readonly retentions: readonly Retention[];
}

export function verifyStore(core: PostgresCore, anchor: Anchor | undefined): Promise<VerifyReport> {
  return core.reading(async (connection) => {
    const findings = new Findings();
    await verifySchema({ connection, schema: core.schema, findings });
    const { texts, hashes } = await verifyTexts(connection, findings);
    const seals = await verifySeals(connection, anchor, findings);
    const retentions = await listRetentions(connection);
    const verification: Verification = { connection, findings, anchor, seals: seals.legible, retentions };
    const records = await verifyRecords(verification, hashes);
    const executions = await verifyChains(verification, "executions");
    const outcomes = await verifyChains(verification, "outcomes");
    await verifySums(verification);
    await verifyMetrics(verification);
    await verifySubjects(verification);
    return {
      records,
      texts,
      executions: executions.rows,
      outcomes: outcomes.rows,
      writers: new Set([...executions.writers, ...outcomes.writers]).size,
      seals: seals.count,
      findings: findings.close(),
    };
  });
}
