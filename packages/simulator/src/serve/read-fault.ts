/** Reads a fault written in words, as in the request header, the schedule and the command line. */

export const FAULT_KINDS = [
  "none",
  "429",
  "500",
  "503",
  "529",
  "hangup",
  "cut",
  "stall",
  "malformed",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface DemandedFault {
  readonly kind: FaultKind;
  /** How many attempts or requests it lasts. */
  readonly times: number;
  /** What the header Retry-After says. */
  readonly retryAfterSeconds?: number;
  /** What the header retry-after-ms says. */
  readonly retryAfterMs?: number;
  /** How many pieces of the body go out before it strikes; half of them unless given. */
  readonly after?: number;
  /** How long a stall lasts. */
  readonly pauseMs?: number;
}

const SETTINGS: Readonly<Record<string, keyof DemandedFault>> = {
  times: "times",
  "retry-after": "retryAfterSeconds",
  "retry-after-ms": "retryAfterMs",
  after: "after",
  pause: "pauseMs",
};

export const FAULT_SYNTAX = `Write ${FAULT_KINDS.slice(0, -1).join(", ")} or malformed, then perhaps ';times=2', ';retry-after=1', ';retry-after-ms=50', ';after=3' and ';pause=1000'.`;

/** Reads `429;times=2;retry-after=1`; undefined when it is not of that form. Without `times` it lasts `lasting`. */
export function readFault(text: string, lasting: number): DemandedFault | undefined {
  const [name = "", ...rest] = text.split(";").map((part) => part.trim().toLowerCase());
  const kind = FAULT_KINDS.find((each) => each === name);
  if (kind === undefined) return undefined;
  const settings: Partial<Record<keyof DemandedFault, number>> = {};
  for (const part of rest) {
    const [key = "", value = ""] = part.split("=");
    const setting = SETTINGS[key];
    if (setting === undefined || !/^\d+(?:\.\d+)?$/.test(value)) return undefined;
    settings[setting] = Number(value);
  }
  return { times: lasting, ...settings, kind };
}
