/** What an application has of OpenTelemetry fits without a cast. */
import * as api from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { open } from "../node.ts";
import { openTelemetry } from "../telemetry.ts";
import type { OtelApi } from "./otel-api.ts";

export const whole: OtelApi = api;
export const parts: OtelApi = {
  trace: new TracerProvider(),
  context: new AsyncLocalStorageContextManager(),
  metrics: new MeterProvider(),
};
export const registered: OtelApi = {
  trace: api.trace.getTracerProvider(),
  metrics: api.metrics.getMeterProvider(),
};

open({ telemetry: false });
open({ telemetry: { api, langfuse: true, semconv: "1.36" } });
open({ telemetry: openTelemetry({ api }) });
// @ts-expect-error no such version of the conventions
open({ telemetry: { semconv: "1.2" } });
// @ts-expect-error an API has no such part
open({ telemetry: { api: { trace: {} } } });
