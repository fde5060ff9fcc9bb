/** The ledger in memory: appends rows and finds them by looking at each. */
import type { AppendedRows, Execution, ExecutionFilter, LedgerStore, Outcome } from "@colophon/kernel";
import { appendExecution, appendGap, appendOutcome, appendStart } from "./append-rows.ts";
import { listMemoryArrivals } from "./memory-arrivals.ts";
import { listMemoryMetrics } from "./memory-metrics.ts";
import { listMemoryRollups, listMemoryTenantRollups } from "./memory-rollups.ts";
import type { MemoryState } from "./memory-state.ts";

const ROWS_UNLESS_SAID = 100;

export function createMemoryLedger(state: MemoryState): LedgerStore {
  return {
    append: async (rows) => countAppended(rows, (row) => appendExecution(state, row)),
    appendOutcomes: async (rows) => countAppended(rows, (row) => appendOutcome(state, row)),
    appendStarts: async (rows) => countAppended(rows, (row) => appendStart(state, row)),
    async appendGaps(gaps) {
      for (const gap of gaps) appendGap(state, gap);
    },
    findExecution: async (id) => state.executions.get(id),
    listExecutions: async (filter) => listExecutions(state, filter),
    async listOutcomes(executions) {
      const outcomes: Outcome[] = [];
      for (const id of new Set(executions)) outcomes.push(...(state.outcomesByExecution.get(id) ?? []));
      return outcomes;
    },
    listUnfinished: async () => [...state.starts.values()].filter(({ id }) => !state.executions.has(id)),
    listGaps: async ({ since = -Infinity, until = Infinity } = {}) =>
      state.gaps.filter(({ at }) => at >= since && at < until),
    listRollups: async (filter) => listMemoryRollups(state.executions.values(), filter),
    listTenantRollups: async (filter) => listMemoryTenantRollups(state.executions.values(), filter),
    listArrivals: async (filter) => listMemoryArrivals(state, filter),
    listMetrics: async (filter) => listMemoryMetrics(state, filter),
    async findContents(id) {
      const kept = state.contents.get(id);
      return kept === undefined ? undefined : { variables: kept.variables, output: kept.output };
    },
    close: async () => undefined,
  };
}

function countAppended<T>(rows: readonly T[], append: (row: T) => boolean): AppendedRows {
  let stored = 0;
  for (const row of rows) if (append(row)) stored += 1;
  return { stored, duplicates: rows.length - stored };
}

const FIELDS = ["prompt", "version", "hash", "environment", "trace", "purpose"] as const;
const SUBJECTS = ["user", "tenant", "document", "documentType", "session"] as const;

function fits(row: Execution, filter: ExecutionFilter): boolean {
  const { since, until } = filter;
  return (
    (since === undefined || row.at >= since) &&
    (until === undefined || row.at < until) &&
    FIELDS.every((name) => filter[name] === undefined || filter[name] === row[name]) &&
    SUBJECTS.every((name) => filter[name] === undefined || filter[name] === row.subjects[name])
  );
}

function listExecutions(state: MemoryState, filter: ExecutionFilter): readonly Execution[] {
  const { order = "newest-first", limit = ROWS_UNLESS_SAID } = filter;
  const found = [...state.executions.values()].filter((row) => fits(row, filter));
  // Ids begin with their time.
  found.sort((a, b) => (a.id < b.id ? -1 : 1));
  if (order === "newest-first") found.reverse();
  return found.slice(0, limit);
}
