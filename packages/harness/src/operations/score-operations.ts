/** Operations on the scores of production's calls. */
import { LANES, OUTCOME_SOURCES } from "@colophon/kernel";
import { z } from "zod";
import { onlineRates } from "../evaluation/online/online-rates.ts";
import type { OnlineParts, OnlineRequest } from "../evaluation/online/online-request.ts";
import { scoreOnline } from "../evaluation/online/score-online.ts";
import type { EvaluationParts } from "../evaluation/runs/evaluation-parts.ts";
import { type Embedding, withEmbedder } from "../evaluation/runs/with-embedder.ts";
import type { Harness } from "../harness.ts";
import { estimate, runEnd, runQuestion, scorerSpec, spent } from "./evaluation-shapes.ts";
import { jobOperation, operation } from "./operation.ts";
import { environmentName, promptKey, time } from "./shapes.ts";

const MOST_SCORERS = 100;

/** What a pass over calls of production is asked, with the model that embeds texts. */
export type ScoreAsked = OnlineRequest & Embedding;

export const scoreCallsOperation = jobOperation({
  name: "score.run",
  method: "POST",
  path: "/scores",
  tag: "scores",
  summary: "Score a sample of the calls of production by rules and judges, within a budget.",
  scope: "evaluate",
  where: ({ environment }) => environment,
  targetOf: ({ key }) => key,
  input: z.object({
    key: promptKey,
    environment: environmentName,
    since: time.optional(),
    until: time.optional(),
    sample: z.number().optional(),
    pairs: z.number().optional(),
    scorers: z.array(scorerSpec).max(MOST_SCORERS).optional(),
    budget: runQuestion.budget,
    concurrency: runQuestion.concurrency,
    embedder: runQuestion.embedder,
  }),
  output: z.object({
    key: z.string(),
    environment: z.string(),
    since: z.string(),
    until: z.string(),
    sample: z.number(),
    calls: z.int(),
    pairs: z.int(),
    insufficient: z.object({ reason: z.literal("contents not captured"), calls: z.int() }).nullable(),
    raters: z.array(
      z.object({
        by: z.string(),
        source: z.enum(OUTCOME_SOURCES),
        metric: z.string(),
        scored: z.int(),
        known: z.int(),
        errors: z.int(),
        error: z.string().nullable(),
        left: z.int(),
        mean: z.number().nullable(),
      }),
    ),
    skipped: z.array(z.string()),
    end: runEnd,
    spent: spent.nullable(),
  }),
  run: async (
    harness: Harness,
    { embedder, ...asked }: ScoreAsked,
    parts: OnlineParts & Pick<EvaluationParts, "embedderOf">,
  ) => scoreOnline(harness, asked, withEmbedder(parts, embedder)),
});

const judged = z.object({
  judge: z.string(),
  passed: estimate.nullable(),
  corrected: estimate.nullable(),
  samples: z.int(),
  reason: z.string().nullable(),
});

export const onlineRatesOperation = operation({
  name: "score.rates",
  method: "GET",
  path: "/prompts/{key}/scores",
  tag: "scores",
  summary: "What rules and judges said of calls of production, by version and lane.",
  scope: "read",
  where: ({ environment }) => environment,
  targetOf: ({ key }) => key,
  input: z.object({
    key: promptKey,
    environment: environmentName,
    since: time.optional(),
    until: time.optional(),
  }),
  output: z.array(
    z.object({
      version: z.int().nullable(),
      lane: z.enum(LANES).nullable(),
      metric: z.string(),
      source: z.enum(["rule", "judge"]),
      by: z.string(),
      score: estimate.extend({ value: z.number().nullable() }),
      judged: judged.nullable(),
    }),
  ),
  run: onlineRates,
});

export const SCORE_OPERATIONS = [scoreCallsOperation, onlineRatesOperation] as const;
