/** Reads the hourly sums by what they stand for; entries that differ only in storage are added up. */
import type { ExecutionFilter, Rollup } from "@colophon/kernel";
import type { DictionaryReader } from "./dictionary.ts";
import type { SqlRow } from "./node-sqlite.ts";
import { queryBuilder, runQuery } from "./query-builder.ts";
import type { SqliteCore } from "./sqlite-core.ts";

const HOUR_MS = 3_600_000;

export type RollupFilter = Pick<ExecutionFilter, "prompt" | "environment" | "since" | "until">;

export function listRollups(
  core: SqliteCore,
  words: DictionaryReader,
  filter: RollupFilter,
): readonly Rollup[] {
  let query = queryBuilder
    .selectFrom("rollup as r")
    .innerJoin("version as v", "v.n", "r.version")
    .innerJoin("scope as s", "s.n", "r.scope")
    .selectAll("r")
    .orderBy("r.hour");
  if (filter.prompt !== undefined) query = query.where("v.prompt", "=", filter.prompt);
  if (filter.environment !== undefined) query = query.where("s.environment", "=", filter.environment);
  if (filter.since !== undefined) query = query.where("r.hour", ">=", Math.floor(filter.since / HOUR_MS));
  if (filter.until !== undefined) query = query.where("r.hour", "<", Math.ceil(filter.until / HOUR_MS));
  const sums = new Map<string, Rollup>();
  for (const row of runQuery(core, query)) {
    const rollup = readRollup(row, words);
    const key = JSON.stringify([
      rollup.hour, rollup.prompt, rollup.version, rollup.hash, rollup.environment, rollup.lane, rollup.purpose,
      rollup.requestedModel, rollup.answeringModel, rollup.provider,
    ]); // biome-ignore format: a key read as a key
    const before = sums.get(key);
    sums.set(key, before === undefined ? rollup : add(before, rollup));
  }
  return [...sums.values()];
}

function readRollup(row: SqlRow, words: DictionaryReader): Rollup {
  const [prompt, version, hash] = words("version", row.version as number);
  const [environment, lane, purpose] = words("scope", row.scope as number);
  const [requestedModel, answeringModel, provider] = words("model", row.model as number);
  return {
    hour: row.hour, prompt, version, hash, environment, lane, purpose, requestedModel, answeringModel, provider,
    calls: row.calls, errors: row.errors, aborted: row.aborted, inputTokens: row.input,
    outputTokens: row.output, reasoningTokens: row.reasoning, cacheReadTokens: row.cache_read,
    cacheWriteTokens: row.cache_write, uncounted: row.uncounted, latency: row.latency,
    schemaOk: row.schema_ok, schemaBad: row.schema_bad, refused: row.refused,
  } as Rollup; // biome-ignore format: a row read as a row
}

function add(a: Rollup, b: Rollup): Rollup {
  return {
    ...a,
    calls: a.calls + b.calls,
    errors: a.errors + b.errors,
    aborted: a.aborted + b.aborted,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    uncounted: a.uncounted + b.uncounted,
    latency: a.latency + b.latency,
    schemaOk: a.schemaOk + b.schemaOk,
    schemaBad: a.schemaBad + b.schemaBad,
    refused: a.refused + b.refused,
  };
}
