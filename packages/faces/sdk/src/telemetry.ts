/** `colophon/telemetry`: OpenTelemetry for places where `open` is given its parts. */
export { openTelemetry } from "./telemetry/open-telemetry.ts";
export type { OtelApi } from "./telemetry/otel-api.ts";
export type { TelemetryOptions } from "./telemetry/telemetry-options.ts";
