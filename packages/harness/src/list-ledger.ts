/** Lists rows of the ledger for the subjects that a person names in plain words. */
import {
  type EpochMs,
  type ExecutionFilter,
  HarnessError,
  type Pseudonym,
  type SubjectKind,
} from "@colophon/kernel";
import type { Harness } from "./harness.ts";
import { type LedgerRow, readableRows } from "./ledger-row.ts";

export interface LedgerQuery {
  readonly prompt?: string;
  readonly version?: number;
  readonly environment?: string;
  readonly user?: string;
  readonly tenant?: string;
  readonly document?: string;
  readonly documentType?: string;
  readonly trace?: string;
  readonly since?: EpochMs;
  readonly until?: EpochMs;
  readonly limit?: number;
}

const KINDS: readonly SubjectKind[] = ["user", "tenant", "document", "documentType"];

/**
 * Newest first; 100 rows unless the query says otherwise.
 *
 * @example
 * const rows = await listLedger(harness, { prompt: "support.triage", user: "ada", limit: 20 });
 */
export async function listLedger(harness: Harness, query: LedgerQuery): Promise<readonly LedgerRow[]> {
  const { limit } = query;
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1)) {
    throw new HarnessError("usage", `A limit of ${limit} rows makes no sense; give a whole number from 1.`);
  }
  const filter = await ledgerFilter(harness, query);
  return filter === undefined ? [] : readableRows(harness, await harness.ledger.listExecutions(filter));
}

/** The query in pseudonyms; undefined when it names a subject that the store does not know. */
async function ledgerFilter(harness: Harness, query: LedgerQuery): Promise<ExecutionFilter | undefined> {
  const { user: _u, tenant: _t, document: _d, documentType: _dt, ...plain } = query;
  const subjects: Partial<Record<SubjectKind, Pseudonym>> = {};
  for (const kind of KINDS) {
    const value = query[kind];
    if (value === undefined) continue;
    const pseudonym = await harness.records.findPseudonym({ kind, value });
    if (pseudonym === undefined) return undefined;
    subjects[kind] = pseudonym;
  }
  return { ...plain, ...subjects };
}
