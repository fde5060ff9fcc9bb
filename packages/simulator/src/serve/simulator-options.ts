/** The options of a simulator and their checked, completed form. */

import { HarnessError } from "@colophon/kernel";

export interface FaultRates {
  /** Share of attempts answered with 429 and a Retry-After header. */
  readonly rate429?: number;
  /** Share of attempts answered with 500. */
  readonly rate500?: number;
  /** Share of attempts whose answer breaks off in the middle. */
  readonly rateCut?: number;
  /** What Retry-After says; 1 unless given. */
  readonly retryAfterSeconds?: number;
}

export type LatencyRange = number | { readonly min: number; readonly max: number };

export interface SimulatorOptions {
  /** All noise hangs on it; 1 unless given. */
  readonly seed?: number;
  /** Milliseconds until an answer is complete, for a model of middling speed; 5 to 20 unless given. */
  readonly latencyMs?: LatencyRange;
  readonly faults?: FaultRates;
  /** Epoch milliseconds; the machine's clock unless given. */
  readonly now?: () => number;
  /** Waits, and rejects when the signal aborts; a timer unless given. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  /** How many served calls `requests` remembers; 1,000 unless given. */
  readonly logLimit?: number;
}

export interface SimulatorSettings {
  readonly seed: number;
  readonly latency: { readonly min: number; readonly max: number };
  readonly faults: Required<FaultRates>;
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly logLimit: number;
}

function refuse(option: string, value: unknown, wanted: string): never {
  throw new HarnessError("usage", `The simulator's ${option} is ${String(value)}; give ${wanted}.`);
}

function timer(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      clearTimeout(handle);
      reject(signal?.reason);
    };
    const handle = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

function checkFaults(given: FaultRates): Required<FaultRates> {
  const faults = { rate429: 0, rate500: 0, rateCut: 0, retryAfterSeconds: 1, ...given };
  const { rate429, rate500, rateCut, retryAfterSeconds } = faults;
  for (const [name, rate] of Object.entries({ rate429, rate500, rateCut })) {
    if (!(rate >= 0 && rate <= 1)) refuse(`faults.${name}`, rate, "a share from 0 to 1");
  }
  const sum = rate429 + rate500 + rateCut;
  if (sum > 1) refuse("sum of fault rates", sum, "rates that add up to 1 at most");
  if (!(retryAfterSeconds >= 0))
    refuse("faults.retryAfterSeconds", retryAfterSeconds, "a number of seconds, 0 or more");
  return faults;
}

/** Completes the options and refuses what makes no sense. */
export function checkOptions(options: SimulatorOptions): SimulatorSettings {
  const seed = options.seed ?? 1;
  if (!Number.isSafeInteger(seed)) refuse("seed", seed, "a whole number");
  const given = options.latencyMs ?? { min: 5, max: 20 };
  const latency = typeof given === "number" ? { min: given, max: given } : given;
  if (!(latency.min >= 0 && latency.max >= latency.min && Number.isFinite(latency.max))) {
    refuse("latencyMs", `${latency.min} to ${latency.max}`, "milliseconds of 0 or more, the smaller first");
  }
  const logLimit = options.logLimit ?? 1_000;
  if (!(Number.isSafeInteger(logLimit) && logLimit >= 0))
    refuse("logLimit", logLimit, "a whole number of 0 or more");
  return {
    seed,
    latency,
    faults: checkFaults(options.faults ?? {}),
    now: options.now ?? Date.now,
    sleep: options.sleep ?? timer,
    logLimit,
  };
}
