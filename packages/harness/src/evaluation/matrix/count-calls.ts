/** Counts the calls that were served of late, by what answered them: a text on a model. */
import type { RollupKey } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";

/** Days that still say something of what is served. */
export const SERVED_DAYS = 7;
const DAY_MS = 86_400_000;

export interface CountedCalls extends Pick<RollupKey, "environment" | "version" | "hash" | "provider"> {
  readonly key: string;
  /** That was asked for. */
  readonly model: string;
  readonly calls: number;
}

/** Calls of the last seven days with purpose `serve`, most first; those of every environment unless one is given. */
export async function countCalls(harness: Harness, environment?: string): Promise<readonly CountedCalls[]> {
  const sums = await harness.ledger.listRollups({
    since: harness.clock.now() - SERVED_DAYS * DAY_MS,
    by: "window",
    ...(environment !== undefined && { environment }),
  });
  const counts = new Map<string, CountedCalls>();
  for (const sum of sums) {
    if (sum.purpose !== "serve") continue;
    const { environment: place, prompt: key, version, hash, provider, requestedModel: model } = sum;
    const name = JSON.stringify([place, key, hash, provider, model]);
    const calls = sum.calls + (counts.get(name)?.calls ?? 0);
    counts.set(name, { environment: place, key, version, hash, provider, model, calls });
  }
  return [...counts.values()].sort((a, b) => b.calls - a.calls);
}
