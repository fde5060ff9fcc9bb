/** The options of a simulator and their checked, completed form. */

import { HarnessError } from "@colophon/kernel";
import type { LatencySetting } from "./draw-latency.ts";
import type { LineUpOptions } from "./model-line-up.ts";
import type { FaultKind } from "./read-fault.ts";

export interface FaultRates {
  /** Share of attempts answered with 429 and a Retry-After header. */
  readonly rate429?: number;
  /** Share of attempts answered with 500. */
  readonly rate500?: number;
  /** Share of attempts whose answer breaks off in the middle. */
  readonly rateCut?: number;
  /** Share of attempts answered with 503. */
  readonly rate503?: number;
  /** Share of attempts answered with 529. */
  readonly rate529?: number;
  /** Share of attempts whose connection closes before any answer. */
  readonly rateHangup?: number;
  /** Share of attempts whose answer pauses in the middle. */
  readonly rateStall?: number;
  /** Share of attempts with JSON in the middle that is none. */
  readonly rateMalformed?: number;
  /** What Retry-After says; 1 unless given. */
  readonly retryAfterSeconds?: number;
  /** How long a stalled answer pauses; 600,000 unless given, which is longer than clients wait. */
  readonly stallMs?: number;
  /** The faults of the first requests in the order they come in, such as `429;times=3`. */
  readonly schedule?: readonly string[];
}

/** Milliseconds: one figure, a range, or a log-normal distribution whose spread the model's profile has. */
export type LatencyRange =
  | number
  | { readonly min: number; readonly max: number }
  /** Until the first token, and for each token after it (0 unless given). */
  | { readonly median: number; readonly perToken?: number };

export interface SimulatorOptions extends LineUpOptions {
  /** All noise hangs on it; 1 unless given. */
  readonly seed?: number;
  /** How long an answer takes, for a model of middling speed; 5 to 20 ms unless given. */
  readonly latencyMs?: LatencyRange;
  readonly faults?: FaultRates;
  /** Epoch milliseconds; the machine's clock unless given. */
  readonly now?: () => number;
  /** Waits, and rejects when the signal aborts; a timer unless given. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  /** How many served calls are remembered; 1,000 unless given. */
  readonly logLimit?: number;
}

export interface FaultSettings {
  /** In the order in which a draw goes through them. */
  readonly rates: readonly { readonly kind: FaultKind; readonly rate: number }[];
  readonly retryAfterSeconds: number;
  readonly stallMs: number;
  readonly schedule: readonly string[];
}

export interface SimulatorSettings {
  readonly seed: number;
  readonly latency: LatencySetting;
  readonly faults: FaultSettings;
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

/** Which option holds the rate of each fault, in the order in which a draw goes through them. */
export const RATES: readonly { readonly kind: FaultKind; readonly option: keyof FaultRates }[] = [
  { kind: "429", option: "rate429" },
  { kind: "500", option: "rate500" },
  { kind: "cut", option: "rateCut" },
  { kind: "503", option: "rate503" },
  { kind: "529", option: "rate529" },
  { kind: "hangup", option: "rateHangup" },
  { kind: "stall", option: "rateStall" },
  { kind: "malformed", option: "rateMalformed" },
];

function checkFaults(given: FaultRates): FaultSettings {
  const { retryAfterSeconds = 1, stallMs = 600_000, schedule = [] } = given;
  const rates = RATES.map(({ kind, option }) => {
    const rate = given[option] ?? 0;
    if (typeof rate !== "number" || !(rate >= 0 && rate <= 1))
      refuse(`faults.${option}`, rate, "a share from 0 to 1");
    return { kind, rate };
  });
  const sum = rates.reduce((total, { rate }) => total + rate, 0);
  if (sum > 1) refuse("sum of fault rates", sum, "rates that add up to 1 at most");
  if (!(retryAfterSeconds >= 0))
    refuse("faults.retryAfterSeconds", retryAfterSeconds, "a number of seconds, 0 or more");
  if (!(stallMs >= 0)) refuse("faults.stallMs", stallMs, "milliseconds, 0 or more");
  return { rates, retryAfterSeconds, stallMs, schedule };
}

function checkLatency(given: LatencyRange): LatencySetting {
  if (typeof given === "number") return checkLatency({ min: given, max: given });
  if ("median" in given) {
    const { median, perToken = 0 } = given;
    if (!(median >= 0 && perToken >= 0 && Number.isFinite(median + perToken)))
      refuse("latencyMs", `${median} and ${perToken} per token`, "milliseconds of 0 or more");
    return { kind: "log-normal", median, perToken };
  }
  const { min, max } = given;
  if (!(min >= 0 && max >= min && Number.isFinite(max)))
    refuse("latencyMs", `${min} to ${max}`, "milliseconds of 0 or more, the smaller first");
  return { kind: "range", min, max };
}

/** Completes the options and refuses what makes no sense. */
export function checkOptions(options: SimulatorOptions): SimulatorSettings {
  const seed = options.seed ?? 1;
  if (!Number.isSafeInteger(seed)) refuse("seed", seed, "a whole number");
  const logLimit = options.logLimit ?? 1_000;
  if (!(Number.isSafeInteger(logLimit) && logLimit >= 0))
    refuse("logLimit", logLimit, "a whole number of 0 or more");
  return {
    seed,
    latency: checkLatency(options.latencyMs ?? { min: 5, max: 20 }),
    faults: checkFaults(options.faults ?? {}),
    now: options.now ?? Date.now,
    sleep: options.sleep ?? timer,
    logLimit,
  };
}
