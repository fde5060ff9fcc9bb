/** The hourly sums that a list of rows should come to, worked out the long way. */
import { type Execution, PURPOSES, type Rollup, type TokenUsage } from "@colophon/kernel";

type RollupPlace = Pick<
  Rollup,
  | "hour"
  | "prompt"
  | "version"
  | "hash"
  | "environment"
  | "lane"
  | "purpose"
  | "requestedModel"
  | "answeringModel"
  | "provider"
>;

const HOUR_MS = 3_600_000;

function place(row: Execution): RollupPlace {
  return {
    hour: Math.floor(row.at / HOUR_MS),
    prompt: row.prompt,
    version: row.version,
    hash: row.hash,
    environment: row.environment,
    lane: row.lane,
    purpose: row.purpose,
    requestedModel: row.requestedModel,
    answeringModel: row.answeringModel,
    provider: row.provider,
  };
}

/** What tells one rollup from another. */
export function rollupKey(rollup: RollupPlace): string {
  const {
    hour,
    prompt,
    version,
    hash,
    environment,
    lane,
    purpose,
    requestedModel,
    answeringModel,
    provider,
  } = rollup;
  const names = [hour, prompt, version, hash, environment, lane, PURPOSES.indexOf(purpose)];
  return JSON.stringify([...names, requestedModel, answeringModel, provider]);
}

/** By key. */
export function expectedRollups(rows: readonly Execution[]): ReadonlyMap<string, Rollup> {
  const groups = Map.groupBy(rows, (row) => rollupKey(place(row)));
  const entries = [...groups].map(
    ([key, group]) => [key, sumUp(group as [Execution, ...Execution[]])] as const,
  );
  return new Map(entries);
}

function sumUp(rows: readonly [Execution, ...Execution[]]): Rollup {
  const count = (fits: (row: Execution) => boolean): number => rows.filter(fits).length;
  const total = (name: keyof TokenUsage): number =>
    rows.reduce((sum, row) => sum + (row.tokens[name] ?? 0), 0);
  return {
    ...place(rows[0]),
    calls: rows.length,
    errors: count((row) => row.status === "error"),
    aborted: count((row) => row.status === "aborted"),
    inputTokens: total("input"),
    outputTokens: total("output"),
    reasoningTokens: total("reasoning"),
    cacheReadTokens: total("cacheRead"),
    cacheWriteTokens: total("cacheWrite"),
    uncounted: count((row) => row.tokens.input === null && row.tokens.output === null),
    latency: rows.reduce((sum, row) => sum + row.latency, 0),
    schemaOk: count((row) => row.schemaOk === true),
    schemaBad: count((row) => row.schemaOk === false),
    refused: count((row) => row.refused === true),
  };
}
