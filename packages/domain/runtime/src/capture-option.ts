/** Reads the `capture` of `open`: one policy for all environments, or one for each. */
import { HarnessError } from "@colophon/kernel";
import type { CapturePolicy } from "./capture.ts";

type CaptureMode = CapturePolicy["mode"];

/** Capture for all environments, or by environment (`default` for those not named). */
export type CaptureOption =
  | CaptureMode
  | CapturePolicy
  | Readonly<Record<string, CaptureMode | CapturePolicy>>;

/** Capture by environment; `default` holds for those not named. */
export type CaptureByEnvironment = Readonly<Record<string, CapturePolicy>>;

/** @throws HarnessError `usage` for a policy that cannot be meant. */
export function captureByEnvironment(capture: CaptureOption = {}): CaptureByEnvironment {
  if (typeof capture === "string" || typeof (capture as CapturePolicy).mode === "string") {
    return { default: policyOf(capture as CaptureMode | CapturePolicy) };
  }
  const entries = Object.entries(capture as Readonly<Record<string, CaptureMode | CapturePolicy>>);
  return Object.fromEntries(entries.map(([environment, policy]) => [environment, policyOf(policy)]));
}

const CAPTURE_MODES = ["none", "hash", "redacted", "full"];

/** A slip here would keep too much, or keep nothing in silence: it stops the start instead. */
function policyOf(given: CaptureMode | CapturePolicy): CapturePolicy {
  const policy: CapturePolicy = typeof given === "string" ? { mode: given } : given;
  const { mode, redact, sample = 1, days = 1 } = policy;
  if (!CAPTURE_MODES.includes(mode)) throw badCapture(`mode "${mode}"`, `use ${CAPTURE_MODES.join(", ")}`);
  if (mode === "redacted" && typeof redact !== "function") {
    throw badCapture("redacted without a function", "pass redact, which says what may be kept");
  }
  if (!(sample >= 0 && sample <= 1)) throw badCapture(`sample ${sample}`, "give a share from 0 to 1");
  if (!(days > 0)) throw badCapture(`days ${days}`, "give a number above 0, or leave it out");
  return policy;
}

function badCapture(what: string, instead: string): HarnessError {
  return new HarnessError("usage", `capture is ${what}; ${instead}.`);
}
