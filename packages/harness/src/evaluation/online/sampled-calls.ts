/** Chooses the calls that are scored: all pairs of a shadow first, then a share of what was served. */
import { isInSample } from "@colophon/evaluation";
import type { EpochMs, Execution, ExecutionId } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { scanExecutions } from "../eval-sets/captured-calls.ts";

/** A call, or a live call and its repeat. */
export interface SampledCall {
  readonly call: Execution;
  /** Null where it was not repeated, or the repeat failed. */
  readonly repeat: Execution | null;
}

export interface SampleQuestion {
  readonly key: string;
  readonly environment: string;
  readonly since: EpochMs;
  readonly until: EpochMs;
  readonly sample: number;
  readonly pairs: number;
}

/** The newest first, each once. Calls that failed have no answer to score. */
export async function* sampledCalls(
  harness: Harness,
  { key, sample, pairs, ...window }: SampleQuestion,
): AsyncGenerator<SampledCall> {
  const filter = { prompt: key, ...window };
  const paired = new Set<ExecutionId>();
  for await (const rows of scanExecutions(harness, { ...filter, purpose: "shadow" })) {
    for (const row of rows) {
      const { parent } = row;
      if (parent === null || paired.has(parent) || !isInSample(parent, pairs)) continue;
      const call = await harness.ledger.findExecution(parent);
      if (call === undefined || call.prompt !== key || call.status !== "ok") continue;
      paired.add(parent);
      yield { call, repeat: row.status === "ok" ? row : null };
    }
  }
  for await (const rows of scanExecutions(harness, { ...filter, purpose: "serve" })) {
    for (const call of rows) {
      const isChosen = call.status === "ok" && !paired.has(call.id) && isInSample(call.id, sample);
      if (isChosen) yield { call, repeat: null };
    }
  }
}
