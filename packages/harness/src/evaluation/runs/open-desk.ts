/** Opens the desk that a run's calls are made from: prices, ledger, budget and pace. */
import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
  type AnswerCache,
  type CallPrices,
  NO_BUDGET,
  PaidCalls,
  type RunBudget,
} from "@colophon/evaluation";
import { openPrices } from "../../costs/house-prices.ts";
import type { Harness } from "../../harness.ts";
import { callPrices } from "./call-pricing.ts";
import type { EvaluationParts } from "./evaluation-parts.ts";
import { ledgerRecorder } from "./ledger-recorder.ts";

export interface DeskRequest {
  /** Of the ledger's rows. */
  readonly environment: string;
  readonly budget?: RunBudget;
  /** The most calls at once. */
  readonly concurrency: number;
}

/** What of a face's parts calls need. */
export type CallingParts = Pick<
  EvaluationParts,
  "caller" | "endpointOf" | "onNotice" | "signal" | "chance" | "sleep"
>;

export interface DeskParts extends CallingParts {
  readonly answers: AnswerCache;
}

const TRIES = 6;
const START_AT_ONCE = 4;

export interface Desk {
  readonly calls: PaidCalls;
  readonly prices: CallPrices;
  /** Of the prices met so far; null where there are several, or none. */
  currency(): string | null;
  close(): Promise<void>;
}

/** Where calls are made from: prices, ledger, budget and pace of one run. */
export async function openDesk(
  harness: Harness,
  { environment, budget = NO_BUDGET, concurrency }: DeskRequest,
  parts: DeskParts,
): Promise<Desk> {
  const { clock, ids } = harness;
  const { book } = await openPrices(harness);
  const revision = await harness.records.revision();
  const { onNotice } = parts;
  const sink = harness.openSink(onNotice);
  const prices = callPrices(book, clock.now());
  const currencies = new Set<string>();
  const idle = new AbortController();
  const { sleep = sleepUntil, chance = Math.random, signal } = parts;
  const calls = new PaidCalls({
    caller: parts.caller,
    cache: parts.answers,
    recorder: ledgerRecorder({ sink, ids, environment, revision }),
    prices: {
      costOf(call) {
        const cost = prices.costOf(call);
        if (cost !== null) currencies.add(cost.currency);
        return cost;
      },
    },
    endpointOf: parts.endpointOf,
    digest: (text) => createHash("sha256").update(text).digest("hex"),
    budget,
    pace: { start: Math.min(START_AT_ONCE, concurrency), most: concurrency },
    tries: TRIES,
    clock,
    chance,
    sleep: (milliseconds) => sleep(milliseconds, idle.signal),
    ...(budget.milliseconds !== null && { signal: AbortSignal.timeout(budget.milliseconds) }),
  });
  const onStop = (): void => {
    calls.stop();
    idle.abort();
  };
  if (signal?.aborted === true) onStop();
  signal?.addEventListener("abort", onStop, { once: true });
  return {
    calls,
    prices,
    currency: () => (currencies.size === 1 ? ([...currencies][0] ?? null) : null),
    async close() {
      signal?.removeEventListener("abort", onStop);
      await sink.close();
    },
  };
}

async function sleepUntil(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => undefined);
}
