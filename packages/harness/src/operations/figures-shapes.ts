/** Shapes of figures: costs and why they changed, prices, metrics of real traffic. */
import { COST_FACTORS } from "@colophon/delivery";
import { LANES, PURPOSES } from "@colophon/kernel";
import { z } from "zod";

const LONGEST_PRICES = 1_000_000;
const figure = z.number().nullable();

/** The content of a price file; who reads the file is whoever asks. */
export const priceText = z.object({
  file: z.string().max(1_000),
  text: z.string().max(LONGEST_PRICES),
});

const priceSource = z.object({
  kind: z.enum(["list", "table", "working-copy"]),
  name: z.string(),
  hash: z.string(),
});

const costs = {
  calls: z.number(),
  tokens: z.object({
    input: z.number(),
    output: z.number(),
    reasoning: z.number(),
    cacheRead: z.number(),
    cacheWrite: z.number(),
  }),
  amounts: z.array(z.object({ currency: z.string(), amount: z.number(), share: figure })),
  unpriced: z.object({ calls: z.number(), inputTokens: z.number(), outputTokens: z.number() }),
  tables: z.array(priceSource),
};

const dimension = z.union([z.string(), z.number()]).nullable().exactOptional();

export const costReportShape = z
  .object({
    since: z.string(),
    until: z.string(),
    environment: z.string().nullable(),
    by: z.array(z.enum(["prompt", "version", "model", "owner", "tenant", "purpose"])),
    rows: z.array(
      z.object({
        prompt: dimension,
        version: dimension,
        model: dimension,
        owner: dimension,
        tenant: dimension,
        purpose: dimension,
        ...costs,
      }),
    ),
    total: z.object(costs),
    unpricedModels: z.array(z.object({ model: z.string(), calls: z.number() })),
    workingCopy: z.string().nullable(),
  })
  .meta({ id: "Costs" });

const totals = z.object({ amount: z.number(), traces: z.number(), calls: z.number() });
const sides = { headline: z.string(), before: totals, after: totals };

const costPart = z.object({
  factor: z.enum(COST_FACTORS),
  amount: z.number(),
  before: figure,
  after: figure,
  where: z
    .object({
      prompt: z.string(),
      version: z.int().nullable(),
      hash: z.string(),
      environment: z.string(),
      purpose: z.enum(PURPOSES),
      worker: z.object({ provider: z.string(), model: z.string(), stated: z.boolean() }).nullable(),
    })
    .nullable(),
});

const costChange = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("explained"),
    currency: z.string(),
    ...sides,
    change: z.number(),
    share: figure,
    parts: z.array(costPart),
  }),
  z.object({ status: z.literal("insufficient"), currency: z.string().nullable(), ...sides }),
]);

const writtenPeriod = z.object({ since: z.string(), until: z.string() });

export const costExplanationShape = z
  .object({
    key: z.string().nullable(),
    environment: z.string().nullable(),
    before: writtenPeriod,
    after: writtenPeriod,
    changes: z.array(costChange),
    unpriced: z.array(
      z.object({
        model: z.string(),
        reason: z.enum(["no-price", "no-tokens"]),
        before: z.number(),
        after: z.number(),
      }),
    ),
    tables: z.array(priceSource),
    workingCopy: z.string().nullable(),
  })
  .meta({ id: "CostExplanation" });

export const priceTableShape = z
  .object({
    kind: z.enum(["working-copy", "table", "list"]),
    name: z.string(),
    hash: z.string(),
    since: z.string().nullable(),
    until: z.string().nullable(),
    status: z.enum(["in-force", "past", "to-come", "replaced"]),
    prices: z.int().nullable(),
    reason: z.string().nullable(),
    by: z.string().nullable(),
    at: z.string().nullable(),
    revision: z.int().nullable(),
  })
  .meta({ id: "PriceTable" });

export const modelPriceShape = z
  .object({
    model: z.string(),
    host: z.string().nullable(),
    from: z.int(),
    currency: z.string().nullable(),
    input: figure,
    cacheRead: figure,
    cacheWrite: figure,
    output: figure,
    reasoning: figure,
    call: figure,
    tables: z.array(priceSource),
  })
  .meta({ id: "ModelPrice" });

const metricFigure = z
  .object({
    kind: z.enum(["event", "score", "amount"]),
    value: figure,
    lower: figure,
    upper: figure,
    samples: z.number(),
    quantiles: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: "MetricFigure" });

const estimate = z.object({ value: z.number(), lower: figure, upper: figure, samples: z.number() });

const costFigure = metricFigure.extend({
  currency: z.string().nullable(),
  totals: z.array(z.object({ currency: z.string(), amount: z.number(), calls: z.number() })),
  unpriced: z.number(),
  quantileRows: z.number(),
});

const shadowDistance = z.object({
  status: z.enum(["measured", "insufficient"]),
  reason: z.string().nullable(),
  pairs: z.number(),
  differing: metricFigure,
  distance: metricFigure,
});

export const metricReportShape = z
  .object({
    key: z.string(),
    environment: z.string().nullable(),
    lane: z.enum(LANES).nullable(),
    since: z.string(),
    until: z.string(),
    by: z.array(z.enum(["version", "lane", "model", "hour", "day"])),
    newest: z.number(),
    rows: z.array(
      z.object({
        environment: z.string(),
        version: z.int().nullable().exactOptional(),
        lane: z.enum(LANES).nullable().exactOptional(),
        model: z.string().nullable().exactOptional(),
        hour: z.string().exactOptional(),
        day: z.string().exactOptional(),
        calls: z.number(),
        metrics: z.record(
          z.string(),
          metricFigure.extend({ sources: z.record(z.string(), metricFigure).nullable() }),
        ),
        cost: costFigure,
        judged: z.array(
          z.object({
            judge: z.string(),
            passed: estimate.nullable(),
            corrected: estimate.nullable(),
            samples: z.number(),
            reason: z.string().nullable(),
          }),
        ),
        shadow: shadowDistance.nullable(),
      }),
    ),
  })
  .meta({ id: "Metrics" });

export const armShape = z.object({ version: z.int().min(1), share: z.number() });

export const policyReportShape = z
  .object({
    key: z.string(),
    environment: z.string(),
    since: z.string(),
    until: z.string(),
    metric: z.string(),
    calls: z.number(),
    rows: z.array(
      z.object({
        policy: z.array(armShape),
        metric: z.string(),
        status: z.enum(["estimated", "insufficient"]),
        reason: z.string().nullable(),
        ips: estimate.nullable(),
        snips: estimate.nullable(),
        effectiveSize: z.number(),
        clipped: z.number(),
        clip: figure,
        undrawn: z.number(),
        unscored: z.number(),
      }),
    ),
  })
  .meta({ id: "PolicyEstimates" });
