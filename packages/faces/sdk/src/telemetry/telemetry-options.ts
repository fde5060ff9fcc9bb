/** What an application can say of its telemetry. */
import type { OtelApi } from "./otel-api.ts";

/** Options of the spans and metrics that calls leave in OpenTelemetry; everything may be left out. */
export interface TelemetryOptions {
  /**
   * The API to use, or its providers; what is registered in the process at the time of each call when
   * left out.
   */
  readonly api?: OtelApi;
  /**
   * Also sets what Langfuse reads, with the contents that the capture policy lets through, and leaves out
   * `gen_ai.prompt.*`, which Langfuse takes for contents.
   */
  readonly langfuse?: boolean;
  /**
   * Which names of the GenAI conventions: the newest, or those of 1.36 to 1.41, which many backends still
   * read; the newest when left out.
   */
  readonly semconv?: "latest" | "1.36";
}
