/** Histograms of calls: how long they took and how many tokens they used. */
import type { ExecutionDraft } from "@colophon/kernel";
import type { Attributes, OtelHistogram, OtelMeterProvider } from "./otel-api.ts";
import { errorType, known, operationAttributes, serverAttributes } from "./span-attributes.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";

/** Bounds that the conventions want: seconds, and tokens. */
const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = Array.from({ length: 14 }, (_, power) => 4 ** power);

/** Records a row in the histograms of its provider. */
export type CallMetrics = (row: ExecutionDraft) => void;

interface Histograms {
  readonly duration: OtelHistogram;
  readonly input: OtelHistogram;
  readonly output: OtelHistogram;
  /** What tells input from output where both are in one histogram. */
  readonly kind: (kind: "input" | "output") => Attributes;
}

/** The histograms of a provider of meters. */
export function callMetrics(provider: OtelMeterProvider, options: TelemetryOptions): CallMetrics {
  const { duration, input, output, kind } = histograms(provider, options);
  return (row) => {
    const { tokens, latency, requestedModel: id, provider: name } = row;
    const attributes = known({
      ...operationAttributes({ provider: name, id }, options),
      ...serverAttributes(row),
      "gen_ai.response.model": row.answeringModel,
      // Apart from the application's own calls, which have none.
      "colophon.purpose": row.purpose === "serve" ? null : row.purpose,
    });
    const type = errorType(row);
    duration.record(latency / 1000, type === null ? attributes : { ...attributes, "error.type": type });
    if (tokens.input !== null) input.record(tokens.input, { ...attributes, ...kind("input") });
    if (tokens.output !== null) output.record(tokens.output, { ...attributes, ...kind("output") });
  };
}

function histograms(provider: OtelMeterProvider, { semconv }: TelemetryOptions): Histograms {
  const meter = provider.getMeter("colophon");
  const seconds = (name: string): OtelHistogram =>
    meter.createHistogram(name, { unit: "s", advice: { explicitBucketBoundaries: SECONDS } });
  const tokens = (name: string): OtelHistogram =>
    meter.createHistogram(name, { unit: "{token}", advice: { explicitBucketBoundaries: TOKENS } });
  if (semconv === "1.36") {
    const both = tokens("gen_ai.client.token.usage");
    const duration = seconds("gen_ai.client.operation.duration");
    return { duration, input: both, output: both, kind: (kind) => ({ "gen_ai.token.type": kind }) };
  }
  return {
    duration: seconds("gen_ai.client.inference.duration"),
    input: tokens("gen_ai.client.inference.operation.input_tokens"),
    output: tokens("gen_ai.client.inference.operation.output_tokens"),
    kind: () => ({}),
  };
}
