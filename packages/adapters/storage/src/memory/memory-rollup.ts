/** Hourly sums of ledger rows. */
import type { Execution, Rollup } from "@colophon/kernel";

const HOUR_MS = 3_600_000;

type Counted = Pick<
  Execution,
  | "at"
  | "prompt"
  | "version"
  | "hash"
  | "environment"
  | "lane"
  | "purpose"
  | "requestedModel"
  | "answeringModel"
  | "provider"
  | "status"
  | "tokens"
  | "latency"
  | "schemaOk"
  | "refused"
>;

function keyOf(row: Counted): string {
  const { prompt, version, hash, environment, lane, purpose, requestedModel, answeringModel, provider } = row;
  const hour = Math.floor(row.at / HOUR_MS);
  return JSON.stringify([
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
  ]);
}

function emptyRollup(row: Counted): Rollup {
  const { prompt, version, hash, environment, lane, purpose, requestedModel, answeringModel, provider } = row;
  return {
    ...{ hour: Math.floor(row.at / HOUR_MS), prompt, version, hash, environment, lane, purpose },
    ...{ requestedModel, answeringModel, provider },
    ...{ calls: 0, errors: 0, aborted: 0, inputTokens: 0, outputTokens: 0, reasoningTokens: 0 },
    ...{ cacheReadTokens: 0, cacheWriteTokens: 0, uncounted: 0, latency: 0 },
    ...{ schemaOk: 0, schemaBad: 0, refused: 0 },
  };
}

/** Adds a row to the sums of its hour. */
export function rollUp(rollups: Map<string, Rollup>, row: Counted): void {
  const key = keyOf(row);
  const before = rollups.get(key) ?? emptyRollup(row);
  const { tokens, status } = row;
  rollups.set(key, {
    ...before,
    calls: before.calls + 1,
    errors: before.errors + Number(status === "error"),
    aborted: before.aborted + Number(status === "aborted"),
    inputTokens: before.inputTokens + (tokens.input ?? 0),
    outputTokens: before.outputTokens + (tokens.output ?? 0),
    reasoningTokens: before.reasoningTokens + (tokens.reasoning ?? 0),
    cacheReadTokens: before.cacheReadTokens + (tokens.cacheRead ?? 0),
    cacheWriteTokens: before.cacheWriteTokens + (tokens.cacheWrite ?? 0),
    uncounted: before.uncounted + Number(tokens.input === null && tokens.output === null),
    latency: before.latency + row.latency,
    schemaOk: before.schemaOk + Number(row.schemaOk === true),
    schemaBad: before.schemaBad + Number(row.schemaOk === false),
    refused: before.refused + Number(row.refused === true),
  });
}

/** Whether any moment of the rollup's hour is in the span. */
export function isInSpan(hour: number, span: { readonly since?: number; readonly until?: number }): boolean {
  const { since = 0, until = Number.POSITIVE_INFINITY } = span;
  return hour >= Math.floor(since / HOUR_MS) && hour * HOUR_MS < until;
}
