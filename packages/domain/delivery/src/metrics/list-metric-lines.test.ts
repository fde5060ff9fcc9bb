/** Tests of metric lines: what sums and rows come to, and that what is missing is said to be. */
import type { CalibrationData, Execution, MetricSums, Outcome, Rollup } from "@colophon/kernel";
import { sketchOf } from "@colophon/kernel";
import { wilsonBounds } from "@colophon/methods";
import { describe, expect, it } from "vitest";
import { aSum, BOOK } from "../costs/costs.fixture.ts";
import { type Priced, priceSum } from "../costs/price-sum.ts";
import { listMetricLines } from "./list-metric-lines.ts";
import type { LineFigure, MetricSources, NewestRow } from "./metric-line.ts";
import { shadowDistance } from "./shadow-distance.ts";

function priced(fields: Partial<Rollup> = {}): Priced<Rollup> {
  const sum = aSum(fields);
  return { sum, cost: priceSum(sum, { book: BOOK, at: 0 }) };
}

function values(metric: string, numbers: readonly number[], more: Partial<MetricSums> = {}): MetricSums {
  const { prompt, version, hash, environment, lane, purpose, requestedModel, answeringModel, provider } =
    aSum();
  return {
    ...{ prompt, version, hash, environment, lane, purpose, requestedModel, answeringModel, provider },
    ...{ hour: null, metric, source: null, count: numbers.length },
    sum: numbers.reduce((sum, value) => sum + value, 0),
    sumOfSquares: numbers.reduce((sum, value) => sum + value ** 2, 0),
    sketch: sketchOf(numbers),
    ...more,
  };
}

/** Signals that are true or false, of a user unless somebody else says so. */
function signals(
  metric: string,
  { yes, no }: { readonly yes: number; readonly no: number },
  source = "user",
) {
  const more = { count: yes + no, sum: yes, sumOfSquares: yes, sketch: null } as const;
  return values(metric, [], { ...more, source: source as MetricSums["source"] });
}

function lineOf(sources: Partial<MetricSources>) {
  const all = { calls: [priced()], metrics: [], newest: [], calibrations: [], ...sources };
  const [line, ...others] = listMetricLines(all, []);
  expect(others).toEqual([]);
  if (line === undefined) throw new Error("There is no line.");
  return line;
}

function figure(sources: Partial<MetricSources>, metric: string): LineFigure {
  return lineOf(sources).metrics[metric] as LineFigure;
}

describe("listMetricLines", () => {
  it("gives shares with their count and Wilson's interval", () => {
    const counts = { calls: 200, aborted: 10, errors: 19, schemaOk: 90, schemaBad: 10, retries: 8 };
    const { metrics } = lineOf({ calls: [priced(counts)] });
    const { lower, upper } = wilsonBounds({ hits: 19, of: 190 }, 0.025);
    expect(metrics.errors).toMatchObject({ value: 0.1, lower, upper, samples: 190, reason: null });
    expect(metrics.aborted).toMatchObject({ value: 0.05, samples: 200 });
    expect(metrics.schemaOk).toMatchObject({ value: 0.9, samples: 100 });
    expect(metrics.retries).toMatchObject({ value: 0.04, samples: 200 });
  });

  it("gives null with its reason for what nobody said, never 0", () => {
    const { metrics, cost, judged } = lineOf({ calls: [priced({ requestedModel: "unlisted" })] });
    const silent = Object.entries(metrics).filter(
      ([name]) => !["errors", "aborted", "retries"].includes(name),
    );
    expect(silent.length).toBeGreaterThan(12);
    for (const [, one] of [...silent, ["cost", cost] as const]) {
      expect(one).toMatchObject({ value: null, lower: null, upper: null, samples: 0, quantiles: null });
      expect(one.reason).toMatch(/\w/);
    }
    expect(metrics.quality?.reason).toBe("nobody has said it");
    expect([cost.unpriced, judged]).toEqual([100, []]);
  });

  it("tells an answer that was not declined from one that nobody read", () => {
    const calls = [priced({ calls: 100, errors: 20, refused: 0 })];
    expect(figure({ calls }, "refused")).toMatchObject({ value: null, reason: "no answer was read" });
    const metrics = [values("outputTokens", Array(60).fill(8))];
    expect(figure({ calls, metrics }, "refused")).toMatchObject({ value: 0, samples: 60 });
  });

  it("gives means with Student's interval, and quantiles of amounts within 2 %", () => {
    const latency = Array.from({ length: 1000 }, (_, at) => at + 1);
    const { metrics } = lineOf({
      metrics: [values("latency", latency), values("quality", [0.5, 0.7], { source: "judge" })],
    });
    expect(metrics.latency?.value).toBe(500.5);
    for (const [name, value] of [
      ["p50", 500],
      ["p95", 950],
      ["p99", 990],
    ] as const) {
      expect(Math.abs((metrics.latency?.quantiles?.[name] ?? 0) / value - 1)).toBeLessThanOrEqual(0.02);
    }
    // 0.6 ± 12.7062 · 0.141421/√2, cut to where scores lie.
    expect(metrics.quality).toMatchObject({ value: 0.6, lower: 0, upper: 1, samples: 2, quantiles: null });
    expect(figure({ metrics: [values("latency", [5])] }, "latency")).toMatchObject({ value: 5, lower: null });
  });

  it("counts thumbs where they point down, and keeps sources apart beside their sum", () => {
    const metrics = [
      signals("thumbs", { yes: 6, no: 2 }),
      signals("thumbs", { yes: 0, no: 2 }, "downstream"),
    ];
    const down = figure({ metrics }, "thumbsDown");
    expect(down).toMatchObject({ value: 0.4, samples: 10 });
    expect(down.sources).toMatchObject({ user: { value: 0.25 }, downstream: { value: 1 } });
    expect(figure({ metrics: metrics.slice(0, 1) }, "thumbsDown").sources).toBeNull();
  });

  it("takes an outcome for what no row says, and calls one that a row says by another name", () => {
    const metrics = [
      signals("schemaOk", { yes: 1, no: 3 }, "rule"),
      values("latency", [100]),
      values("latency", [900], { source: "user" }),
    ];
    const open = lineOf({ calls: [priced({ schemaOk: 0, schemaBad: 0 })], metrics });
    expect(open.metrics.schemaOk).toMatchObject({ value: 0.25, samples: 4 });
    expect(open.metrics.latency).toMatchObject({ value: 100 });
    expect(open.metrics["outcome:latency"]).toMatchObject({ value: 900 });
    const said = lineOf({ calls: [priced({ schemaOk: 9, schemaBad: 1 })], metrics });
    expect(said.metrics.schemaOk).toMatchObject({ value: 0.9, samples: 10 });
  });

  it("has a figure for outcomes of any name, unless they are texts", () => {
    const row = { ...aSum(), at: 0 } as unknown as Execution;
    const outcome = (name: string, value: Outcome["value"]) => ({ name, value, source: "user" }) as Outcome;
    const newest: NewestRow[] = [
      { row, cost: null, outcomes: [outcome("note", "too long"), outcome("bought", false)] },
    ];
    const metrics = [
      signals("note", { yes: 0, no: 3 }),
      signals("bought", { yes: 0, no: 4 }),
      signals("clicked", { yes: 1, no: 4 }),
      signals("unknown", { yes: 0, no: 5 }),
      values("basket", [10, 30], { source: "downstream" }),
    ];
    const line = lineOf({ metrics, newest });
    expect(line.metrics).toMatchObject({
      note: { value: null, samples: 3, reason: "texts have no figure" },
      bought: { value: 0, samples: 4 },
      clicked: { value: 0.2, samples: 5 },
      unknown: { value: null, reason: "it is not known whether these are texts" },
      basket: { value: 20, samples: 2 },
    });
  });

  it("gives cost per priced call, its spread from the newest rows, and no sum over currencies", () => {
    const row = { ...aSum(), at: 0 } as unknown as Execution;
    const newest = [1, 2, 3].map((amount) => ({ row, cost: { amount, currency: "USD" }, outcomes: [] }));
    const calls = [priced({ calls: 100, uncounted: 20 }), priced({ requestedModel: "unlisted", calls: 7 })];
    const { cost } = lineOf({ calls, newest });
    expect(cost).toMatchObject({ currency: "USD", samples: 80, unpriced: 27, quantileRows: 3 });
    expect(cost.value).toBeCloseTo((cost.totals[0]?.amount ?? 0) / 80, 12);
    expect(cost.quantiles).toMatchObject({ p50: 2 });
    const mixed = lineOf({ calls: [priced(), priced({ requestedModel: "euro" })] });
    expect(mixed.cost).toMatchObject({ value: null, reason: expect.stringContaining("EUR and USD") });
    expect(mixed.cost.totals).toHaveLength(2);
  });

  it("keeps apart what is asked for, and adds up the rest", () => {
    const calls = [
      priced({ version: 7, lane: "live" }),
      priced({ version: 8, lane: "canary", errors: 50 }),
      priced({ version: 7, lane: "control", requestedModel: "large" }),
      priced({ version: null, lane: null, environment: "staging" }),
    ];
    const sources = { calls, metrics: [], newest: [], calibrations: [] };
    const lines = (...by: Parameters<typeof listMetricLines>[1]) =>
      listMetricLines(sources, by).map(({ environment, version, lane, model, calls: count }) => [
        ...[environment, version, lane, model, count],
      ]);
    expect(lines("version")).toEqual([
      ["production", 7, null, null, 200],
      ["production", 8, null, null, 100],
      ["staging", null, null, null, 100],
    ]);
    expect(lines("lane", "model")).toEqual([
      ["production", null, "canary", "openai/small", 100],
      ["production", null, "control", "openai/large", 100],
      ["production", null, "live", "openai/small", 100],
      ["staging", null, null, "openai/small", 100],
    ]);
    const hours = [priced({ hour: 5 }), priced({ hour: 3 }), priced({ hour: 3 })];
    expect(
      listMetricLines({ ...sources, calls: hours }, ["hour"]).map((one) => [one.hour, one.calls]),
    ).toEqual([
      [3, 200],
      [5, 100],
    ]);
  });
});

describe("judged quality", () => {
  const calibration: CalibrationData = {
    judge: "judges.tone",
    version: 3,
    hash: "b".repeat(64),
    threshold: 0.5,
    kappa: null,
    truePositiveRate: { value: 0.9, lower: 0.8, upper: 0.95, samples: 100 },
    trueNegativeRate: { value: 0.8, lower: 0.7, upper: 0.9, samples: 100 },
    labels: 200,
    errors: 0,
    labelsHash: "l",
  };

  function judgedBy(by: string | null): NewestRow[] {
    const row = { ...aSum(), at: 0 } as unknown as Execution;
    return Array.from({ length: 100 }, (_, at) => {
      const score = { name: "quality", source: "judge", by, value: at < 62 ? 0.8 : 0.2 } as Outcome;
      // Judged before, and again since.
      return { row, cost: null, outcomes: [{ ...score, value: 0.1 }, score] };
    });
  }

  it.each(["judges.tone@v3", `judges.tone@v3+${"b".repeat(64)}`])(
    "of %s is corrected by its calibration",
    (by) => {
      const [one] = lineOf({ newest: judgedBy(by), calibrations: [calibration] }).judged;
      expect(one).toMatchObject({ judge: by, samples: 100, passed: { value: 0.62 }, reason: null });
      // (0.62 + 0.8 − 1) / (0.9 + 0.8 − 1)
      expect(one?.corrected?.value).toBeCloseTo(0.6, 9);
      expect(one?.corrected?.lower).toBeLessThan(0.6);
    },
  );

  it("of a judge that nobody calibrated, or in vain, has no corrected share", () => {
    const unknown = lineOf({ newest: judgedBy("judges.tone@v4"), calibrations: [calibration] }).judged;
    expect(unknown).toMatchObject([
      { passed: null, corrected: null, reason: expect.stringContaining("people") },
    ]);
    const guessing = { ...calibration, trueNegativeRate: { value: 0.1, lower: 0, upper: 0.2, samples: 100 } };
    const doubtful = lineOf({ newest: judgedBy("judges.tone@v3"), calibrations: [guessing] }).judged;
    expect(doubtful).toMatchObject([
      { passed: { value: 0.62 }, corrected: null, reason: expect.any(String) },
    ]);
  });
});

describe("shadowDistance", () => {
  const side = (output: string | null, hash: string | null = null) => ({ output, hash });

  it("compares texts letter by letter, and hashes where no texts were kept", () => {
    const distance = shadowDistance([
      { live: side("billing"), shadow: side("billing") },
      { live: side("bug"), shadow: side("bag") },
      { live: side(null, "x"), shadow: side(null, "y") },
      { live: side(null), shadow: side("lost") },
    ]);
    expect(distance).toMatchObject({ status: "measured", pairs: 4, reason: null });
    expect(distance.differing).toMatchObject({ value: 2 / 3, samples: 3 });
    expect(distance.distance.value).toBeCloseTo(1 / 6, 9);
    expect(distance.distance.samples).toBe(2);
  });

  it("is insufficient where contents were not captured, and where nothing was shadowed", () => {
    const none = { live: side(null), shadow: side(null) };
    expect(shadowDistance([none])).toMatchObject({ status: "insufficient", reason: "contents not captured" });
    expect(shadowDistance([])).toMatchObject({ status: "insufficient", reason: "nothing was shadowed" });
  });
});
