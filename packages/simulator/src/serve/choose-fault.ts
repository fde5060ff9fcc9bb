/** Decides whether an attempt fails: on demand by a request header, else by seeded rates. */

import { createSeededRandom } from "../seeded-random.ts";
import type { OccurrenceCounter } from "./occurrence-counter.ts";
import type { SimulatorSettings } from "./simulator-options.ts";

export const FAULT_HEADER = "x-simulator-fault";
const KINDS = ["none", "429", "500", "cut"] as const;
type FaultKind = (typeof KINDS)[number];

export type Fault =
  | { readonly kind: "none" }
  | { readonly kind: "429"; readonly retryAfterSeconds: number }
  | { readonly kind: "500" }
  | { readonly kind: "cut" };

interface DemandedFault {
  readonly kind: FaultKind;
  /** Only the first so many attempts of the same request fail. */
  readonly times: number;
  readonly retryAfterSeconds: number | undefined;
}

export interface Attempt {
  readonly header: string | undefined;
  readonly content: string;
  readonly settings: SimulatorSettings;
  readonly attempts: OccurrenceCounter;
}

/** Reads `429;times=2;retry-after=1`; undefined when it is not of that form. */
function readHeader(header: string): DemandedFault | undefined {
  const [name = "", ...rest] = header.split(";").map((part) => part.trim().toLowerCase());
  const kind = KINDS.find((each) => each === name);
  if (kind === undefined) return undefined;
  let times = Number.POSITIVE_INFINITY;
  let retryAfterSeconds: number | undefined;
  for (const part of rest) {
    const [key, value = ""] = part.split("=");
    if (!/^\d+(?:\.\d+)?$/.test(value)) return undefined;
    if (key === "times") times = Number(value);
    else if (key === "retry-after") retryAfterSeconds = Number(value);
    else return undefined;
  }
  return { kind, times, retryAfterSeconds };
}

function asFault(kind: FaultKind, retryAfterSeconds: number): Fault {
  return kind === "429" ? { kind, retryAfterSeconds } : { kind };
}

/** The fault of this attempt; `undefined` when the header cannot be read. */
export function chooseFault({ header, content, settings, attempts }: Attempt): Fault | undefined {
  const { rate429, rate500, rateCut, retryAfterSeconds } = settings.faults;
  if (header !== undefined) {
    const demanded = readHeader(header);
    if (demanded === undefined) return undefined;
    const attempt = attempts.next(`${header}\u0000${content}`);
    if (attempt >= demanded.times) return { kind: "none" };
    return asFault(demanded.kind, demanded.retryAfterSeconds ?? retryAfterSeconds);
  }
  if (rate429 + rate500 + rateCut === 0) return { kind: "none" };
  const draw = createSeededRandom(settings.seed, "fault", content, attempts.next(content)).next();
  if (draw < rate429) return asFault("429", retryAfterSeconds);
  if (draw < rate429 + rate500) return { kind: "500" };
  return draw < rate429 + rate500 + rateCut ? { kind: "cut" } : { kind: "none" };
}
