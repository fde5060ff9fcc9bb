/** Shapes that operations of evaluation take or give: models, budgets, ends, progress, verdicts and pictures. */
import { GATE_MODES, GUARD_NAMES, SPLITS } from "@colophon/evaluation";
import type { Verdict } from "@colophon/kernel";
import { z } from "zod";
import { environmentName, modelShape, promptKey, versionNumber } from "./shapes.ts";

/** Longest list of names, such as slices, prompts or models. */
const MOST_NAMES = 1_000;
const LONGEST_NAME = 200;
const MOST_CALLS_AT_ONCE = 256;
const MOST_REPEATS = 100;
/** A scorer's own options may hold a schema or a reference. */
const LONGEST_OPTION = 100_000;

export const verdicts = ["ship", "block", "inconclusive", "invalid"] as const satisfies readonly Verdict[];
export const nameText = z.string().min(1).max(LONGEST_NAME);
export const names = z.array(nameText).max(MOST_NAMES);
export const models = z.array(modelShape).max(MOST_NAMES);
export const split = z.enum(SPLITS);
/** `NAME` or `NAME@vN`. */
export const setReference = z.string().min(1).max(LONGEST_NAME);
export const money = z.object({ amount: z.number().nonnegative(), currency: z.string().max(10) });
export const runBudget = z
  .object({
    money: money.nullable(),
    tokens: z.number().positive().nullable(),
    milliseconds: z.int().positive().nullable(),
  })
  .meta({ id: "RunBudget" });

export const scorerSpec = z
  .object({
    scorer: nameText,
    metric: nameText.exactOptional(),
    weight: z.number().exactOptional(),
    required: z.boolean().exactOptional(),
    negate: z.boolean().exactOptional(),
    options: z
      .record(z.string().max(LONGEST_NAME), z.unknown())
      .refine((options) => JSON.stringify(options).length <= LONGEST_OPTION, "is too long")
      .exactOptional(),
  })
  .meta({ id: "ScorerSpec" });

/** A text of a prompt; exactly one of version and candidate has to be there. */
export const textReference = {
  key: promptKey,
  version: versionNumber.optional(),
  candidate: versionNumber.optional(),
};

/** What every run over an eval set is asked. */
export const runQuestion = {
  environment: environmentName,
  set: setReference.optional(),
  split: split.optional(),
  model: modelShape.optional(),
  repeats: z.int().min(1).max(MOST_REPEATS).optional(),
  budget: runBudget.optional(),
  concurrency: z.int().min(1).max(MOST_CALLS_AT_ONCE).optional(),
  embedder: modelShape.optional(),
};

const share = z.number().min(0).max(1);

/** Ranges are the gate's own to check. */
export const gateTerms = {
  margin: z.number().exactOptional(),
  alpha: z.number().exactOptional(),
  mode: z.enum(GATE_MODES).exactOptional(),
  blockingSlices: names.exactOptional(),
  guards: z.partialRecord(z.enum(GUARD_NAMES), z.number().nullable()).exactOptional(),
  requiredMetrics: names.exactOptional(),
  minimumCases: z.int().exactOptional(),
  maxErrorShare: share.exactOptional(),
  maxUnpairedShare: share.exactOptional(),
};

export const estimate = z
  .object({
    value: z.number(),
    lower: z.number().nullable(),
    upper: z.number().nullable(),
    samples: z.number(),
  })
  .meta({ id: "Estimate" });

export const runEnd = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("complete") }),
    z.object({ kind: z.literal("budget"), limit: z.enum(["money", "tokens", "time"]), why: z.string() }),
    z.object({ kind: z.literal("stopped") }),
    z.object({ kind: z.literal("barred"), why: z.string() }),
  ])
  .meta({ id: "RunEnd" });

export const spent = z.object({
  calls: z.int(),
  cached: z.int(),
  retries: z.int(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  money: z.array(money),
  unpriced: z.int(),
});

export const runProgress = z
  .object({
    done: z.int(),
    planned: z.int().nullable(),
    rate: z.number().nullable(),
    left: z.number().nullable(),
    errors: z.int(),
    spent,
    pace: z.number(),
  })
  .meta({ id: "RunProgress" });

const METHODS = [
  "tango",
  "student",
  "bootstrap",
  "student+tango",
  "clopper-pearson",
  "student+clopper-pearson",
] as const;

export const gateComparison = z.object({
  difference: z.number(),
  lower: z.number(),
  upper: z.number(),
  cases: z.int(),
  clusters: z.int(),
  method: z.enum(METHODS),
});

const lineCount = z.object({ lines: z.int(), errors: z.int() });
const figure = z.number().nullable();

const veto = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("required"),
    case: z.string(),
    repeats: z.array(z.int()),
    baselineToo: z.boolean(),
    text: z.string(),
  }),
  z.object({ kind: z.literal("slice"), slice: z.string(), text: z.string() }),
  z.object({ kind: z.literal("guard"), guard: z.enum(GUARD_NAMES), text: z.string() }),
]);

/** What a gate says of a challenger, and on what grounds. */
export const gateVerdict = {
  verdict: z.enum(verdicts),
  mode: z.enum(GATE_MODES),
  difference: figure,
  lower: figure,
  upper: figure,
  margin: z.number(),
  alpha: z.number(),
  cases: z.int(),
  clusters: z.int(),
  repeats: z.int(),
  method: z.enum(METHODS).nullable(),
  ratchet: z.enum(["ship", "block"]).nullable(),
  means: z.object({ baseline: figure, challenger: figure }),
  anchor: gateComparison.nullable(),
  threshold: figure,
  slices: z.array(
    gateComparison.extend({
      slice: z.string(),
      blocking: z.boolean(),
      pValue: z.number(),
      adjusted: z.number(),
      worse: z.boolean(),
    }),
  ),
  guards: z.array(
    z.object({
      guard: z.enum(GUARD_NAMES),
      status: z.enum(["within", "above", "exceeds", "unknown"]),
      limit: z.number(),
      baseline: figure,
      challenger: figure,
      value: figure,
      lower: figure,
      upper: figure,
      cases: z.int(),
    }),
  ),
  vetoes: z.array(veto),
  flipped: z.array(
    z.object({
      case: z.string(),
      slice: z.array(z.string()),
      baseline: z.number(),
      challenger: z.number(),
      difference: z.number(),
    }),
  ),
  casesNeeded: figure,
  repeatsNeeded: figure,
  missing: z.object({
    baseline: lineCount,
    challenger: lineCount,
    anchor: lineCount.nullable(),
    unpaired: z.array(z.string()),
  }),
  reasons: z.array(z.string()),
  obstacles: z.array(z.string()).exactOptional(),
};

/** For a report: the scores of both sides, and their differences. */
export const picture = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("histograms"),
      title: z.string(),
      unit: z.string(),
      series: z.array(
        z.object({ name: z.string(), from: z.number(), to: z.number(), counts: z.array(z.number()) }),
      ),
    }),
    z.object({
      kind: z.literal("intervals"),
      title: z.string(),
      limit: z.object({ at: z.number(), name: z.string() }).nullable(),
      rows: z.array(z.object({ name: z.string(), value: z.number(), lower: figure, upper: figure })),
    }),
    z.object({
      kind: z.literal("heat-map"),
      title: z.string(),
      columns: z.array(z.string()),
      rows: z.array(
        z.object({
          name: z.string(),
          cells: z.array(
            z.object({ label: z.string(), tone: z.enum(["good", "bad", "stale", "open", "none"]) }),
          ),
        }),
      ),
    }),
  ])
  .meta({ id: "Picture" });
