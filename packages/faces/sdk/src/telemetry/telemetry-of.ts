/** Reads the `telemetry` of `open` where all of it is at hand. */
import type { Telemetry } from "@colophon/runtime";
import { openTelemetry } from "./open-telemetry.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";

/** Options, telemetry that was opened with them, or `false` for none. */
export type TelemetryOption = TelemetryOptions | Telemetry | false;

/** Telemetry over what the application has registered, unless it says otherwise. */
export function telemetryOf(option: TelemetryOption = {}): Telemetry | undefined {
  if (option === false) return undefined;
  return "begin" in option ? option : openTelemetry(option);
}
