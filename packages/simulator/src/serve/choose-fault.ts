/** Decides whether an attempt fails: by its request header, else by the schedule, else by seeded rates. */

import { createSeededRandom } from "../seeded-random.ts";
import type { FaultSchedule } from "./fault-schedule.ts";
import type { OccurrenceCounter } from "./occurrence-counter.ts";
import { type DemandedFault, type FaultKind, readFault } from "./read-fault.ts";
import type { SimulatorSettings } from "./simulator-options.ts";

export const FAULT_HEADER = "x-simulator-fault";

export type Fault =
  | { readonly kind: "none" | "hangup" }
  | {
      readonly kind: "status";
      readonly status: 429 | 500 | 503 | 529;
      readonly retryAfterSeconds: number | undefined;
      readonly retryAfterMs: number | undefined;
    }
  /** `after` pieces of the body go out before it strikes; half of them where it is not said. */
  | { readonly kind: "cut" | "malformed"; readonly after: number | undefined }
  | { readonly kind: "stall"; readonly after: number | undefined; readonly pauseMs: number };

export interface Attempt {
  readonly header: string | undefined;
  readonly content: string;
  readonly settings: SimulatorSettings;
  readonly attempts: OccurrenceCounter;
  readonly schedule: FaultSchedule;
}

const NONE: Fault = { kind: "none" };

function statusOf(kind: FaultKind): 429 | 500 | 503 | 529 | undefined {
  const status = Number(kind);
  return status === 429 || status === 500 || status === 503 || status === 529 ? status : undefined;
}

function asFault(demanded: DemandedFault, { faults }: SimulatorSettings): Fault {
  const { kind, after, retryAfterMs } = demanded;
  const status = statusOf(kind);
  if (status !== undefined) {
    const usual = status === 429 ? faults.retryAfterSeconds : undefined;
    return { kind: "status", status, retryAfterSeconds: demanded.retryAfterSeconds ?? usual, retryAfterMs };
  }
  if (kind === "stall") return { kind, after, pauseMs: demanded.pauseMs ?? faults.stallMs };
  if (kind === "cut" || kind === "malformed") return { kind, after };
  return { kind: kind === "hangup" ? "hangup" : "none" };
}

function drawFault({ content, settings, attempts }: Attempt): Fault {
  const { rates } = settings.faults;
  if (rates.every(({ rate }) => rate === 0)) return NONE;
  let left = createSeededRandom(settings.seed, "fault", content, attempts.next(content)).next();
  for (const { kind, rate } of rates) {
    if (left < rate) return asFault({ kind, times: 1 }, settings);
    left -= rate;
  }
  return NONE;
}

/** The fault of this attempt; `undefined` when the header cannot be read. */
export function chooseFault(attempt: Attempt): Fault | undefined {
  const { header, content, settings, attempts, schedule } = attempt;
  if (header !== undefined) {
    const demanded = readFault(header, Number.POSITIVE_INFINITY);
    if (demanded === undefined) return undefined;
    const before = attempts.next(`${header}\u0000${content}`);
    return before >= demanded.times ? NONE : asFault(demanded, settings);
  }
  const scheduled = schedule.next();
  return scheduled === undefined ? drawFault(attempt) : asFault(scheduled, settings);
}
