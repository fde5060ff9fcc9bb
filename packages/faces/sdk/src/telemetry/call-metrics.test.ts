/** Histograms as the real metrics SDK of OpenTelemetry collects them. */
import { metrics } from "@opentelemetry/api";
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { testHarness } from "../testing.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";

const triage = definePrompt({
  key: "metrics.triage",
  model: "claude-sonnet-5",
  input: z.object({ ticket: z.string() }),
  body: "{{ticket}}",
});

let provider: MeterProvider | undefined;
afterEach(async () => {
  metrics.disable();
  await provider?.shutdown();
});

/** Makes two calls, one of which fails, and gives what was collected: sums and attributes by name. */
async function collected(options: TelemetryOptions = {}) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
  metrics.setGlobalMeterProvider(provider);
  const colophon = testHarness({ telemetry: options });
  const call = colophon.resolve(triage);
  const usage = { input: 100, output: 8, reasoning: null, cacheRead: null, cacheWrite: null };
  const read = () => ({ usage, host: "api.anthropic.com" });
  const answered = async () => {
    colophon.advance(1_500);
    return "bug";
  };
  await call.record({ ticket: "It crashes" }, answered, { read });
  await call
    .record({ ticket: "It crashes" }, () => Promise.reject(new TypeError("secret")))
    .catch(() => undefined);
  await provider.forceFlush();
  const found = exporter.getMetrics().flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap((scope) =>
      scope.metrics.flatMap((metric) => {
        if (metric.dataPointType !== DataPointType.HISTOGRAM) throw new Error("is no histogram");
        return metric.dataPoints.map(({ attributes, value }) => {
          const { sum, count } = value;
          return { name: metric.descriptor.name, unit: metric.descriptor.unit, attributes, sum, count };
        });
      }),
    ),
  );
  expect(colophon.executions().map((row) => row.trace)).toEqual([null, null]);
  return found;
}

const OPERATION = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "anthropic",
  "gen_ai.request.model": "claude-sonnet-5",
};
const SERVER = { "server.address": "api.anthropic.com", "server.port": 443 };

describe("metrics of calls", () => {
  it("are how long they took and what they used, also where nobody traces", async () => {
    const ok = { ...OPERATION, ...SERVER };
    const failed = { ...OPERATION, "error.type": "TypeError" };
    const seconds = { name: "gen_ai.client.inference.duration", unit: "s", count: 1 };
    const tokens = { unit: "{token}", count: 1, attributes: ok };
    expect(await collected()).toEqual([
      { ...seconds, attributes: ok, sum: 1.5 },
      { ...seconds, attributes: failed, sum: 0 },
      { ...tokens, name: "gen_ai.client.inference.operation.input_tokens", sum: 100 },
      { ...tokens, name: "gen_ai.client.inference.operation.output_tokens", sum: 8 },
    ]);
  });

  it("tell what served nobody apart from what did", async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
    metrics.setGlobalMeterProvider(provider);
    const call = testHarness().resolve(triage);
    for (const purpose of ["serve", "shadow", "probe"] as const)
      call.record({ ticket: "It crashes" }, () => "bug", { purpose });
    await provider.forceFlush();
    const points = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .flatMap(({ dataPoints }) => dataPoints.map(({ attributes }) => attributes["colophon.purpose"]));
    expect(points).toEqual([undefined, "shadow", "probe"]);
  });

  it("are under the older names where they are asked for", async () => {
    const found = await collected({ semconv: "1.36" });
    const ok = { ...OPERATION, ...SERVER, "gen_ai.system": "anthropic" };
    const tokens = { name: "gen_ai.client.token.usage", unit: "{token}", count: 1 };
    expect(found.filter(({ unit }) => unit === "{token}")).toEqual([
      { ...tokens, attributes: { ...ok, "gen_ai.token.type": "input" }, sum: 100 },
      { ...tokens, attributes: { ...ok, "gen_ai.token.type": "output" }, sum: 8 },
    ]);
    expect(new Set(found.map(({ name }) => name))).toEqual(
      new Set(["gen_ai.client.operation.duration", "gen_ai.client.token.usage"]),
    );
  });
});
