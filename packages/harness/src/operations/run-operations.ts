/** Operations that run versions over eval sets: `eval`, `gate` and the noise of a version. */
import { HarnessError } from "@colophon/kernel";
import { z } from "zod";
import { type EvaluateRequest, evaluate } from "../evaluation/runs/evaluate.ts";
import type { EvaluationParts } from "../evaluation/runs/evaluation-parts.ts";
import { gateChallenger } from "../evaluation/runs/gate-challenger.ts";
import type { GateRequest } from "../evaluation/runs/gate-request.ts";
import { measureVersionNoise, type NoiseRequest } from "../evaluation/runs/measure-version-noise.ts";
import { type Embedding, withEmbedder } from "../evaluation/runs/with-embedder.ts";
import type { Harness } from "../harness.ts";
import type { TextReference } from "../text-reference.ts";
import {
  estimate,
  gateComparison,
  gateTerms,
  gateVerdict,
  money,
  picture,
  runEnd,
  runProgress,
  runQuestion,
  split,
  textReference,
} from "./evaluation-shapes.ts";
import { jobOperation } from "./operation.ts";
import { modelShape, promptKey, versionNumber } from "./shapes.ts";

/** A request over the wire, where nothing says yet that it names one text and not two. */
type Loose<T extends TextReference> = Omit<T, keyof TextReference> & {
  readonly key: string;
  readonly version?: number | undefined;
  readonly candidate?: number | undefined;
};

/** @throws HarnessError `usage` for none or both. */
function oneText({ key, version, candidate }: Loose<TextReference>): TextReference {
  if (version !== undefined && candidate === undefined) return { key, version };
  if (candidate !== undefined && version === undefined) return { key, candidate };
  throw new HarnessError("usage", `Name one text of ${key}: a version, or a candidate.`);
}

const target = ({ key, version, candidate }: Loose<TextReference>): string =>
  candidate === undefined ? `${key}@v${version}` : `${key}@c${candidate}`;

export type EvaluateAsked = Loose<EvaluateRequest> & Embedding;

export const evaluateOperation = jobOperation({
  name: "evaluation.run",
  method: "POST",
  path: "/evaluations",
  tag: "evaluation",
  summary: "Run a version or a candidate over an eval set, and record what it scored.",
  scope: "evaluate",
  where: ({ environment }) => environment,
  targetOf: target,
  input: z.object({ ...textReference, ...runQuestion }),
  output: z.object({
    run: z.string().nullable(),
    key: z.string(),
    subject: z.string(),
    version: z.int().nullable(),
    model: modelShape,
    set: z.string(),
    split,
    repeats: z.int(),
    end: runEnd,
    cases: z.int(),
    lines: z.int(),
    errors: z.int(),
    scores: z.record(z.string(), estimate.nullable()),
    means: z.array(z.object({ case: z.string(), mean: z.number() })),
    slices: z.array(z.object({ slice: z.string(), cases: z.int(), mean: z.number() })),
    failed: z.array(z.object({ case: z.string(), repeat: z.int(), error: z.string() })),
    cost: money.nullable(),
    judges: z.array(z.string()),
    progress: runProgress,
    testLooks: z.int().nullable(),
    notes: z.array(z.string()),
  }),
  run: async (harness: Harness, asked: EvaluateAsked, parts: EvaluationParts) => {
    const { key, version, candidate, embedder, ...question } = asked;
    const text = oneText({ key, version, candidate });
    return evaluate(harness, { ...question, ...text }, withEmbedder(parts, embedder));
  },
});

export type GateAsked = Loose<GateRequest> & Embedding;

export const gateAnswer = z.object({
  ...gateVerdict,
  key: z.string(),
  challenger: z.string(),
  baseline: z.string().nullable(),
  anchorVersion: z.string().nullable(),
  environment: z.string(),
  model: modelShape,
  set: z.string(),
  split,
  judges: z.array(z.string()),
  evidenceId: z.string().nullable(),
  unchanged: z.boolean(),
  runs: z.array(z.string()),
  testLooks: z.int(),
  end: runEnd,
  progress: runProgress.nullable(),
  pictures: z.array(picture),
});

export const gateOperation = jobOperation({
  name: "gate.run",
  method: "POST",
  path: "/gates",
  tag: "evaluation",
  summary: "Ask the gate whether a challenger may replace what is live, and record its answer as evidence.",
  scope: "evaluate",
  where: ({ environment }) => environment,
  targetOf: target,
  input: z.object({
    ...textReference,
    ...runQuestion,
    ...gateTerms,
    against: z.union([versionNumber, z.literal("live"), z.null()]).optional(),
    baselineModel: modelShape.optional(),
    fresh: z.boolean().optional(),
    take: z.int().min(1).optional(),
    threshold: z.number().optional(),
  }),
  output: gateAnswer.meta({ id: "GateAnswer" }),
  run: async (harness: Harness, asked: GateAsked, parts: EvaluationParts) => {
    const { key, version, candidate, embedder, ...question } = asked;
    const text = oneText({ key, version, candidate });
    return gateChallenger(harness, { ...question, ...text }, withEmbedder(parts, embedder));
  },
});

export type NoiseAsked = NoiseRequest & Embedding;

export const noiseOperation = jobOperation({
  name: "gate.noise",
  method: "POST",
  path: "/gates/noise",
  tag: "evaluation",
  summary: "Run a version against itself: the noise that a difference has to stand out from.",
  scope: "evaluate",
  where: ({ environment }) => environment,
  targetOf: ({ key, version }) => `${key}@v${version}`,
  input: z.object({ key: promptKey, version: versionNumber, ...runQuestion }),
  output: z.object({
    key: z.string(),
    version: z.int(),
    model: modelShape,
    set: z.string(),
    split,
    repeats: z.int(),
    noise: z
      .object({
        comparison: gateComparison,
        biased: z.boolean(),
        deviation: z.number(),
        moved: z.number(),
        withinCases: z.number().nullable(),
        casesFor: z.array(z.object({ margin: z.number(), cases: z.number() })),
      })
      .nullable(),
    end: runEnd,
    progress: runProgress,
    notes: z.array(z.string()),
  }),
  run: async (harness: Harness, { embedder, ...asked }: NoiseAsked, parts: EvaluationParts) =>
    measureVersionNoise(harness, asked, withEmbedder(parts, embedder)),
});

export const RUN_OPERATIONS = [evaluateOperation, gateOperation, noiseOperation] as const;
