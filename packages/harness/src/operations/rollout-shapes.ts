/** Shapes of rollouts: plans, where they stand, and what people said to them. */
import { ROLLOUT_CAUSES, ROLLOUT_STATES } from "@colophon/kernel";
import { z } from "zod";
import { recordedShape } from "./shapes.ts";

const guardAction = z.enum(["rollback", "hold"]);
const missingAction = z.enum(["rollback", "hold", "continue"]);
const custom = z
  .object({ kind: z.enum(["event", "score", "amount"]), worse: z.enum(["higher", "lower"]) })
  .exactOptional();
const money = z.object({ amount: z.number(), currency: z.string() });

const guard = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("comparison"),
    metric: z.string(),
    tolerated: z.number(),
    acceptable: z.number(),
    negligible: z.number().exactOptional(),
    alpha: z.number().nullable(),
    action: guardAction,
    custom,
  }),
  z.object({
    kind: z.literal("limit"),
    metric: z.string(),
    direction: z.enum(["above", "below"]),
    limit: z.number(),
    minimum: z.number(),
    action: guardAction,
    custom,
  }),
]);

const shadowStage = z.object({
  rate: z.number(),
  concurrency: z.number(),
  calls: z.number(),
  budget: money.nullable(),
  metric: z.string(),
  margin: z.number(),
  alpha: z.number(),
  pairs: z.number(),
  patience: z.number(),
});

const objective = z.object({
  name: z.string(),
  metric: z.string(),
  scale: z
    .union([
      z.object({ best: z.number(), worst: z.number() }),
      z.object({ target: z.number(), direction: z.enum(["above", "below"]) }),
    ])
    .nullable(),
});

const rolloutPlanShape = z
  .object({
    format: z.literal(1),
    steps: z.array(z.object({ share: z.number(), dwell: z.number(), units: z.number() })),
    shadow: shadowStage.nullable(),
    policy: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("fixed") }),
      z.object({
        kind: z.literal("mol-ts"),
        objectives: z.array(objective),
        floor: z.number(),
        cap: z.number(),
        halfLife: z.number().nullable(),
        interval: z.number(),
      }),
    ]),
    draws: z.enum(["unit", "call"]),
    guards: z.array(guard),
    alpha: z.number(),
    promotionAlpha: z.number(),
    approvals: z.int(),
    clearing: z.array(z.string()),
    missing: z.object({
      noData: missingAction,
      staleData: missingAction,
      mismatch: guardAction,
      inconclusive: guardAction,
    }),
    quiet: z.number(),
    patience: z.number(),
  })
  .meta({ id: "RolloutPlan" });

const state = z.enum(ROLLOUT_STATES);

export const startedRolloutShape = z.object({
  members: z.array(
    z.object({ id: z.string(), key: z.string(), versions: z.array(z.int()), baseline: z.int() }),
  ),
  environment: z.string(),
  state,
  step: z.int(),
  share: z.number(),
  set: z.string().nullable(),
  salt: z.string(),
  breakGlass: z.string().nullable(),
  lacks: z.array(z.string()),
  plan: rolloutPlanShape,
  warnings: z.array(z.string()),
  ...recordedShape,
});

export const rolloutShape = z
  .object({
    id: z.string(),
    key: z.string(),
    environment: z.string(),
    state,
    step: z.int(),
    set: z.string().nullable(),
    baseline: z.int(),
    cause: z.enum(ROLLOUT_CAUSES),
    versions: z.array(z.int()),
    share: z.number(),
    reason: z.string(),
    by: z.string(),
    started: z.string(),
    since: z.string(),
  })
  .meta({ id: "Rollout" });

const reading = z.object({
  key: z.string(),
  version: z.int(),
  metric: z.string(),
  kind: z.enum(["comparison", "limit"]),
  action: guardAction,
  state: z.enum(["watching", "cleared", "fired", "no-data"]),
  evidence: z.number().nullable(),
  limit: z.number(),
  challenger: z.number().nullable(),
  control: z.number().nullable(),
  units: z.number(),
});

export const rolloutStatusShape = z
  .object({
    id: z.string(),
    key: z.string(),
    environment: z.string(),
    state,
    step: z.int(),
    baseline: z.int(),
    control: z.number(),
    keys: z.array(z.string()),
    versions: z.array(z.int()),
    arms: z.array(z.object({ version: z.int(), share: z.number() })),
    steps: z.int(),
    share: z.number(),
    since: z.string(),
    cause: z.enum(ROLLOUT_CAUSES),
    reason: z.string(),
    guards: z.array(reading),
    mismatch: z
      .object({
        state: z.enum(["watching", "mismatch", "no-data"]),
        evidence: z.number().nullable(),
        limit: z.number(),
        units: z.number(),
      })
      .nullable(),
    shadow: z
      .object({
        pairs: z.number(),
        difference: z.number().nullable(),
        reasons: z.array(z.string()).exactOptional(),
        calls: z.number(),
        spent: money.nullable(),
        exhausted: z.boolean(),
      })
      .nullable(),
    next: z
      .object({
        moves: z.boolean(),
        state,
        step: z.int(),
        share: z.number(),
        waits: z.array(z.string()),
        until: z.string().nullable(),
      })
      .nullable(),
    watched: z.boolean(),
    warnings: z.array(z.string()),
  })
  .meta({ id: "RolloutStatus" });

export const changedRolloutShape = z.object({
  key: z.string(),
  environment: z.string(),
  id: z.string(),
  keys: z.array(z.string()),
  unchanged: z.boolean(),
  state,
  step: z.int(),
  share: z.number(),
  ...recordedShape,
});

export const approvedRolloutShape = z.object({
  key: z.string(),
  environment: z.string(),
  id: z.string(),
  state,
  versions: z.array(z.object({ key: z.string(), version: z.int() })),
  inFavour: z.boolean(),
  ...recordedShape,
});
