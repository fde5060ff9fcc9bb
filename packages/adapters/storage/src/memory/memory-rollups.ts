/** Sums of a memory ledger's rows, added up whenever they are asked for. */
import {
  type CostSums,
  type Execution,
  inputBandOf,
  type Rollup,
  type RollupFilter,
  type RollupKey,
  type TenantRollup,
  type TenantRollupFilter,
} from "@colophon/kernel";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const HOURS_PER_DAY = DAY_MS / HOUR_MS;

export function listMemoryRollups(rows: Iterable<Execution>, filter: RollupFilter): readonly Rollup[] {
  const { by = "hour" } = filter;
  const hourOf = ({ at }: Execution): number | null => {
    if (by === "window") return null;
    return by === "hour" ? Math.floor(at / HOUR_MS) : Math.floor(at / DAY_MS) * HOURS_PER_DAY;
  };
  const groups = group(rows, filter, (row) => ({ hour: hourOf(row), ...versionOf(row), ...keyOf(row) }));
  return groups
    .map(([key, members]) => ({ ...key, ...costsOf(members), ...callsOf(members) }))
    .sort((a, b) => (a.hour ?? 0) - (b.hour ?? 0));
}

export function listMemoryTenantRollups(
  rows: Iterable<Execution>,
  filter: TenantRollupFilter,
): readonly TenantRollup[] {
  const { by = "day", detail = "version" } = filter;
  const groups = group(rows, filter, (row) => ({
    day: by === "window" ? null : Math.floor(row.at / DAY_MS),
    tenant: row.subjects.tenant,
    ...(detail === "version" ? versionOf(row) : { prompt: null, version: null, hash: null }),
    ...keyOf(row),
  }));
  return groups
    .map(([key, members]) => ({ ...key, ...costsOf(members) }))
    .sort((a, b) => (a.day ?? 0) - (b.day ?? 0));
}

/** The rows of a filter, by what their sums stand for. */
function group<K>(
  rows: Iterable<Execution>,
  { prompt, environment, since = 0, until = Number.POSITIVE_INFINITY }: RollupFilter | TenantRollupFilter,
  keyed: (row: Execution) => K,
): readonly (readonly [K, readonly Execution[]])[] {
  const groups = new Map<string, readonly [K, Execution[]]>();
  for (const row of rows) {
    if (row.at < since || row.at >= until) continue;
    if (prompt !== undefined && row.prompt !== prompt) continue;
    if (environment !== undefined && row.environment !== environment) continue;
    const key = keyed(row);
    const place = JSON.stringify(key);
    const known = groups.get(place);
    if (known === undefined) groups.set(place, [key, [row]]);
    else known[1].push(row);
  }
  return [...groups.values()];
}

function versionOf({ prompt, version, hash }: Execution): Pick<RollupKey, "prompt" | "version" | "hash"> {
  return { prompt, version, hash };
}

function keyOf(row: Execution): Omit<RollupKey, "prompt" | "version" | "hash"> {
  const { environment, lane, purpose, requestedModel, answeringModel, provider, host } = row;
  return {
    ...{ environment, lane, purpose, requestedModel, answeringModel, provider, host },
    band: inputBandOf(row.tokens.input),
    currency: row.statedCost?.currency ?? null,
  };
}

function total(rows: readonly Execution[], value: (row: Execution) => number | boolean | null): number {
  return rows.reduce((sum, row) => sum + Number(value(row) ?? 0), 0);
}

function costsOf(rows: readonly Execution[]): CostSums {
  return {
    calls: rows.length,
    inputTokens: total(rows, ({ tokens }) => tokens.input),
    outputTokens: total(rows, ({ tokens }) => tokens.output),
    reasoningTokens: total(rows, ({ tokens }) => tokens.reasoning),
    cacheReadTokens: total(rows, ({ tokens }) => tokens.cacheRead),
    cacheWriteTokens: total(rows, ({ tokens }) => tokens.cacheWrite),
    uncounted: total(rows, ({ tokens }) => tokens.input === null && tokens.output === null),
    retries: total(rows, ({ attempt }) => attempt > 1),
    traces: total(rows, ({ attempt, step }) => attempt === 1 && (step ?? 1) === 1),
    stated: total(rows, ({ statedCost }) => billionths(statedCost?.amount ?? 0)),
  };
}

/** Whole units and the rest by themselves, so that large amounts keep their last digits. */
function billionths(amount: number): number {
  const units = Math.trunc(amount);
  return units * 1e9 + Math.trunc((amount - units) * 1e9 + 0.5);
}

function callsOf(rows: readonly Execution[]): Omit<Rollup, "hour" | keyof RollupKey | keyof CostSums> {
  return {
    errors: total(rows, ({ status }) => status === "error"),
    aborted: total(rows, ({ status }) => status === "aborted"),
    latency: total(rows, ({ latency }) => latency),
    firstToken: total(rows, ({ firstToken }) => firstToken),
    firstTokens: total(rows, ({ firstToken }) => firstToken !== null),
    schemaOk: total(rows, ({ schemaOk }) => schemaOk === true),
    schemaBad: total(rows, ({ schemaOk }) => schemaOk === false),
    refused: total(rows, ({ refused }) => refused === true),
  };
}
