/** Operations on figures: costs and why they changed, prices, metrics of real traffic, other policies. */

import { METRIC_DIMENSIONS } from "@colophon/delivery";
import { LANES } from "@colophon/kernel";
import { z } from "zod";
import { explainCostChange } from "../costs/explain-cost-change.ts";
import { COST_DIMENSIONS, listCosts } from "../costs/list-costs.ts";
import { listPriceTables, setPrices } from "../costs/price-tables.ts";
import { showPrices } from "../costs/show-prices.ts";
import { estimatePolicies } from "../metrics/estimate-policies.ts";
import { listMetrics } from "../metrics/list-metrics.ts";
import {
  armShape,
  costExplanationShape,
  costReportShape,
  metricReportShape,
  modelPriceShape,
  policyReportShape,
  priceTableShape,
  priceText,
} from "./figures-shapes.ts";
import { operation } from "./operation.ts";
import { environmentName, promptKey, recordedShape, time, words } from "./shapes.ts";

const period = z.object({ since: time, until: time });

/** A price file of the one who asks goes into the body. */
export const listCostsOperation = operation({
  name: "cost.list",
  method: "POST",
  path: "/costs/find",
  tag: "figures",
  summary: "What calls cost, in tokens and money, by what they are told apart by.",
  scope: "read",
  isRead: true,
  where: ({ environment }) => environment ?? null,
  input: z.object({
    since: time.exactOptional(),
    until: time.exactOptional(),
    environment: environmentName.exactOptional(),
    by: z.array(z.enum(COST_DIMENSIONS)).max(COST_DIMENSIONS.length).exactOptional(),
    prices: priceText.exactOptional(),
  }),
  output: costReportShape,
  run: listCosts,
});

export const explainCostChangeOperation = operation({
  name: "cost.explain",
  method: "POST",
  path: "/costs/explain",
  tag: "figures",
  summary:
    "Why the cost of a prompt, or of all of them, changed: every part of the change, the culprit first.",
  scope: "read",
  isRead: true,
  where: ({ environment }) => environment ?? null,
  targetOf: ({ key }) => key,
  input: z.object({
    key: promptKey.nullable(),
    environment: environmentName.exactOptional(),
    before: period,
    after: period,
    prices: priceText.exactOptional(),
  }),
  output: costExplanationShape,
  run: explainCostChange,
});

export const listPriceTablesOperation = operation({
  name: "price.list",
  method: "GET",
  path: "/prices",
  tag: "figures",
  summary: "What prices come from, in the order in which it is asked.",
  scope: "read",
  where: "registry",
  input: z.object({}),
  output: z.array(priceTableShape),
  run: (harness) => listPriceTables(harness),
});

export const showPricesOperation = operation({
  name: "price.show",
  method: "POST",
  path: "/prices/find",
  tag: "figures",
  summary: "What a model's tokens cost now; without one, those of the models called in the last 30 days.",
  scope: "read",
  isRead: true,
  input: z.object({ model: z.string().max(200).exactOptional(), prices: priceText.exactOptional() }),
  output: z.array(modelPriceShape),
  run: showPrices,
});

export const setPricesOperation = operation({
  name: "price.set",
  method: "POST",
  path: "/prices",
  tag: "figures",
  summary: "Record a table of prices that is in force from a time on; the past is priced anew.",
  scope: "admin",
  input: z.object({ prices: priceText, since: time.exactOptional(), reason: words }),
  output: z.object({
    name: z.string(),
    hash: z.string(),
    since: z.string(),
    prices: z.int(),
    replaced: z.array(
      z.object({ name: z.string(), hash: z.string(), since: z.string(), until: z.string().nullable() }),
    ),
    unchanged: z.boolean(),
    ...recordedShape,
  }),
  run: setPrices,
});

export const listMetricsOperation = operation({
  name: "metric.list",
  method: "GET",
  path: "/prompts/{key}/metrics",
  tag: "figures",
  summary: "How a prompt's versions do on real traffic: shares with their intervals, means and quantiles.",
  scope: "read",
  where: ({ environment }) => environment ?? null,
  targetOf: ({ key }) => key,
  input: z.object({
    key: promptKey,
    environment: environmentName.exactOptional(),
    lane: z.enum(LANES).exactOptional(),
    since: time.exactOptional(),
    until: time.exactOptional(),
    by: z.array(z.enum(METRIC_DIMENSIONS)).max(METRIC_DIMENSIONS.length).exactOptional(),
  }),
  output: metricReportShape,
  run: listMetrics,
});

export const estimatePoliciesOperation = operation({
  name: "policy.estimate",
  method: "POST",
  path: "/prompts/{key}/policies/estimate",
  tag: "figures",
  summary: "What other shares of a rollout's versions would have earned, from the draws that were made.",
  scope: "read",
  isRead: true,
  where: ({ environment }) => environment,
  targetOf: ({ key }) => key,
  input: z.object({
    key: promptKey,
    environment: environmentName,
    since: time.exactOptional(),
    until: time.exactOptional(),
    policy: z.array(armShape).min(1).max(100).exactOptional(),
    metric: z.string().min(1).max(100).exactOptional(),
    scale: z
      .union([
        z.object({ best: z.number(), worst: z.number() }),
        z.object({ target: z.number(), direction: z.enum(["above", "below"]) }),
      ])
      .nullable()
      .exactOptional(),
  }),
  output: policyReportShape,
  run: estimatePolicies,
});

export const FIGURES_OPERATIONS = [
  listCostsOperation,
  explainCostChangeOperation,
  listPriceTablesOperation,
  showPricesOperation,
  setPricesOperation,
  listMetricsOperation,
  estimatePoliciesOperation,
] as const;
