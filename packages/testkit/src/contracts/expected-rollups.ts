/** The sums that a list of rows should come to, worked out the long way. */
import {
  type CostSums,
  type Execution,
  type InputBand,
  PURPOSES,
  type Rollup,
  type RollupFilter,
  type TenantRollup,
  type TenantRollupFilter,
  type TokenUsage,
} from "@colophon/kernel";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Keys = Readonly<Record<string, string | number | null>>;

/** What tells one sum from another, time included. */
const KEYS = [
  "hour",
  "day",
  "tenant",
  "prompt",
  "version",
  "hash",
  "environment",
  "lane",
  "purpose",
  "requestedModel",
  "answeringModel",
  "provider",
  "host",
  "band",
  "currency",
] as const;

export function rollupKey(sums: Rollup | TenantRollup): string {
  return JSON.stringify(KEYS.map((name) => (sums as unknown as Keys)[name]));
}

/** By key. */
export function expectedRollups(
  rows: readonly Execution[],
  filter: RollupFilter = {},
): ReadonlyMap<string, Rollup> {
  const unit = { hour: HOUR_MS, day: DAY_MS, window: null }[filter.by ?? "hour"];
  const hourOf = (at: number): number | null =>
    unit === null ? null : (Math.floor(at / unit) * unit) / HOUR_MS;
  return sumsByKey(
    rowsOf(rows, filter),
    (row) => ({ hour: hourOf(row.at), ...versionOf(row), ...placeOf(row) }),
    allOf,
  );
}

/** By key. */
export function expectedTenantRollups(
  rows: readonly Execution[],
  filter: TenantRollupFilter = {},
): ReadonlyMap<string, TenantRollup> {
  const placed = (row: Execution) => ({
    day: filter.by === "window" ? null : Math.floor(row.at / DAY_MS),
    tenant: row.subjects.tenant,
    ...(filter.detail === "model" ? { prompt: null, version: null, hash: null } : versionOf(row)),
    ...placeOf(row),
  });
  return sumsByKey(rowsOf(rows, filter), placed, costsOf);
}

function rowsOf(rows: readonly Execution[], filter: RollupFilter | TenantRollupFilter): readonly Execution[] {
  return rows
    .filter(({ at }) => filter.since === undefined || at >= filter.since)
    .filter(({ at }) => filter.until === undefined || at < filter.until)
    .filter(({ prompt }) => filter.prompt === undefined || prompt === filter.prompt)
    .filter(({ environment }) => filter.environment === undefined || environment === filter.environment);
}

function sumsByKey<K extends object, S extends object>(
  rows: readonly Execution[],
  placed: (row: Execution) => K,
  summed: (rows: readonly Execution[]) => S,
): ReadonlyMap<string, K & S> {
  const groups = Map.groupBy(rows, (row) => rollupKey(placed(row) as unknown as Rollup));
  return new Map(
    [...groups].map(([key, group]) => [key, { ...placed(group[0] as Execution), ...summed(group) }]),
  );
}

function versionOf({ prompt, version, hash }: Execution) {
  return { prompt, version, hash };
}

function placeOf(row: Execution) {
  if (!PURPOSES.includes(row.purpose)) throw new Error(`"${row.purpose}" is no purpose.`);
  const { environment, lane, purpose, requestedModel, answeringModel, provider, host, statedCost } = row;
  const { input } = row.tokens;
  return {
    ...{ environment, lane, purpose, requestedModel, answeringModel, provider, host },
    band: input === null ? null : bandOf(input),
    currency: statedCost === null ? null : statedCost.currency,
  };
}

function bandOf(input: number): InputBand {
  if (input > 512_000) return 512_001;
  if (input > 272_000) return 272_001;
  if (input === 272_000) return 272_000;
  if (input > 200_000) return 200_001;
  if (input === 200_000) return 200_000;
  return input > 128_000 ? 128_001 : 0;
}

function count(rows: readonly Execution[], fits: (row: Execution) => boolean): number {
  return rows.filter(fits).length;
}

function costsOf(rows: readonly Execution[]): CostSums {
  const total = (name: keyof TokenUsage): number =>
    rows.reduce((sum, row) => sum + (row.tokens[name] ?? 0), 0);
  return {
    calls: rows.length,
    inputTokens: total("input"),
    outputTokens: total("output"),
    reasoningTokens: total("reasoning"),
    cacheReadTokens: total("cacheRead"),
    cacheWriteTokens: total("cacheWrite"),
    uncounted: count(rows, (row) => row.tokens.input === null && row.tokens.output === null),
    retries: count(rows, (row) => row.attempt > 1),
    traces: count(rows, (row) => row.attempt === 1 && (row.step === null || row.step === 1)),
    stated: rows.reduce((sum, row) => sum + billionths(row), 0),
  };
}

function billionths({ statedCost }: Execution): number {
  if (statedCost === null) return 0;
  const units = Math.floor(statedCost.amount);
  return units * 1e9 + Math.floor((statedCost.amount - units) * 1e9 + 0.5);
}

function allOf(rows: readonly Execution[]) {
  return {
    ...costsOf(rows),
    errors: count(rows, (row) => row.status === "error"),
    aborted: count(rows, (row) => row.status === "aborted"),
    latency: rows.reduce((sum, row) => sum + row.latency, 0),
    firstToken: rows.reduce((sum, row) => sum + (row.firstToken ?? 0), 0),
    firstTokens: count(rows, (row) => row.firstToken !== null),
    schemaOk: count(rows, (row) => row.schemaOk === true),
    schemaBad: count(rows, (row) => row.schemaOk === false),
    refused: count(rows, (row) => row.refused === true),
  };
}
