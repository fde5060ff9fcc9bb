/** The options of `open` that every platform knows, and how they and the environment variables are read. */
import { type Clock, HarnessError, type RandomSource } from "@colophon/kernel";
import { type CaptureByEnvironment, type CapturePolicy, readPin } from "@colophon/runtime";
import type { BakedSnapshot } from "./fixed-source.ts";

type CaptureMode = CapturePolicy["mode"];

/** Capture for all environments, or by environment (`default` for those not named). */
export type CaptureOption =
  | CaptureMode
  | CapturePolicy
  | Readonly<Record<string, CaptureMode | CapturePolicy>>;

/** What `open` takes on every platform; everything may be left out. */
export interface OpenOptions {
  /** COLOPHON_ENV, else `development`, when left out. */
  readonly environment?: string;
  /** A snapshot baked with `colophon snapshot -o`, for places without a store. */
  readonly snapshot?: BakedSnapshot;
  /** What of the contents is kept; nothing when left out. */
  readonly capture?: CaptureOption;
  /** Told once about each thing a person should know; `console.warn` when left out. */
  readonly onNotice?: (message: string) => void;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

/** Environment variables, as far as the platform has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

export interface OpenSettings {
  readonly environment: string;
  readonly off: boolean;
  readonly pins: ReadonlyMap<string, number>;
  readonly capture: CaptureByEnvironment;
  readonly onNotice: (message: string) => void;
}

/**
 * Reads options and variables into settings.
 *
 * @throws HarnessError `usage` for a COLOPHON_PIN that is none, or a capture policy that cannot be meant.
 */
export function readSettings(options: OpenOptions, variables: Variables): OpenSettings {
  const pins = new Map<string, number>();
  for (const item of (variables.COLOPHON_PIN ?? "").split(",").filter((text) => text.trim() !== "")) {
    const pin = readPin(item.trim());
    if (pin?.version == null) {
      throw new HarnessError(
        "usage",
        `COLOPHON_PIN is "${item}"; write key@v6, several with commas between.`,
      );
    }
    pins.set(pin.key, pin.version);
  }
  return {
    environment: options.environment ?? (variables.COLOPHON_ENV || "development"),
    off: variables.COLOPHON_OFF === "1",
    pins,
    capture: captureByEnvironment(options.capture),
    onNotice: options.onNotice ?? ((message) => console.warn(`colophon: ${message}`)),
  };
}

function captureByEnvironment(capture: CaptureOption | undefined): CaptureByEnvironment {
  if (capture === undefined) return {};
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
