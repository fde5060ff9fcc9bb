/** Lists rows of the ledger for the subjects that a person names in plain words. */

import {
  type EpochMs,
  type ExecutionFilter,
  getEnvironment,
  getPrompt,
  getVersion,
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

const TRACE = /^[0-9a-f]{32}$/;

/**
 * Newest first; 100 rows unless the query says otherwise.
 *
 * @throws HarnessError `usage`, or `key-unknown`, `version-unknown` or `environment-unknown` where no row
 *   and no record knows the name.
 * @example
 * const rows = await listLedger(harness, { prompt: "support.triage", user: "ada", limit: 20 });
 */
export async function listLedger(harness: Harness, query: LedgerQuery): Promise<readonly LedgerRow[]> {
  const { limit } = query;
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1)) {
    throw new HarnessError("usage", `A limit of ${limit} rows makes no sense; give a whole number from 1.`);
  }
  const trace = query.trace?.toLowerCase();
  if (trace !== undefined && !TRACE.test(trace)) {
    throw new HarnessError("usage", `"${query.trace}" is no trace; give its 32 hexadecimal digits.`);
  }
  const filter = await ledgerFilter(harness, { ...query, ...(trace === undefined ? {} : { trace }) });
  const rows = filter === undefined ? [] : await harness.ledger.listExecutions(filter);
  if (rows.length === 0) await checkNames(harness, query);
  return readableRows(harness, rows);
}

/** Nothing found is no answer to a slip of the pen. Rows may know names that the registry lacks, so they are asked first. */
async function checkNames(harness: Harness, { prompt, version, environment }: LedgerQuery): Promise<void> {
  if (prompt === undefined && environment === undefined) return;
  const state = await harness.records.state();
  if (environment !== undefined) getEnvironment(state, environment);
  if (prompt === undefined) return;
  const known = getPrompt(state, prompt);
  if (version !== undefined) getVersion(known, version);
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
