/** Operations on standing guards. */
import { z } from "zod";
import { listGuards } from "../guards/list-guards.ts";
import { removeGuard, setGuard } from "../guards/set-guard.ts";
import { acceptTuning, tuneGuards } from "../guards/tune-guards.ts";
import { operation } from "./operation.ts";
import { environmentName, promptKey, time, words } from "./shapes.ts";

const name = z.string().min(1).max(200);
/** Milliseconds that a guard may look back: ten years. */
const LONGEST_WINDOW = 3650 * 86_400_000;
const MOST_METRICS = 100;

const direction = z.enum(["above", "below"]);
const measure = z.enum(["mean", "per-hour"]);
const action = z.enum(["rollback", "alert"]);
const against = z.enum(["limit", "predecessor"]);

const rule = {
  key: z.string(),
  environment: z.string(),
  metric: z.string(),
  direction,
  limit: z.number(),
  against,
  measure,
  minimum: z.number(),
  window: z.number(),
  action,
  reason: z.string(),
};

const guardShape = z.object({ id: z.string(), ...rule, active: z.boolean() }).meta({ id: "Guard" });
const changedGuard = z.object({ guard: guardShape, unchanged: z.boolean() });

const guardRow = z.object({
  id: z.string(),
  ...rule,
  by: z.string(),
  at: z.string(),
  version: z.int().nullable(),
  state: z.enum(["watching", "breached", "silent", "no-data"]),
  value: z.number().nullable(),
  bound: z.number().nullable(),
  count: z.number(),
  fired: z.array(z.int()),
  words: z.string(),
});

const tuneReport = z
  .object({
    key: z.string(),
    environment: z.string(),
    since: z.string(),
    until: z.string(),
    target: z.number(),
    rows: z.array(
      z.object({
        metric: z.string(),
        direction,
        measure,
        minimum: z.number(),
        window: z.number(),
        action,
        status: z.enum(["insufficient", "proposed"]),
        windows: z.number(),
        days: z.number(),
        observations: z.number(),
        limit: z.number().nullable(),
        falseAlarms: z.object({ expected: z.number(), lower: z.number(), upper: z.number() }).nullable(),
        usual: z.number().nullable(),
        worst: z.number().nullable(),
        from: z.enum(["rows", "sums"]),
        insufficient: z.string().nullable(),
        guard: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "GuardTuning" });

export const listGuardsOperation = operation({
  name: "guard.list",
  method: "GET",
  path: "/prompts/{key}/guards",
  tag: "guards",
  summary: "Standing guards of a prompt, with where each stands now.",
  scope: "read",
  where: ({ environment }) => environment ?? null,
  targetOf: ({ key }) => key,
  input: z.object({ key: promptKey, environment: environmentName.optional() }),
  output: z.array(guardRow),
  run: listGuards,
});

export const setGuardOperation = operation({
  name: "guard.set",
  method: "PUT",
  path: "/prompts/{key}/guards",
  tag: "guards",
  summary: "Hold a metric of what is live against a limit, or against its predecessor's numbers.",
  scope: "release",
  where: ({ environment }) => environment,
  targetOf: ({ key }) => key,
  input: z.object({
    key: promptKey,
    environment: environmentName,
    metric: name,
    direction,
    limit: z.number(),
    against,
    measure,
    minimum: z.int().min(0),
    window: z.int().min(1).max(LONGEST_WINDOW),
    action,
    reason: words,
  }),
  output: changedGuard,
  run: setGuard,
});

export const removeGuardOperation = operation({
  name: "guard.remove",
  method: "POST",
  path: "/prompts/{key}/guards/remove",
  tag: "guards",
  summary: "Take a guard away, by its id or its metric.",
  scope: "release",
  where: ({ environment }) => environment ?? null,
  targetOf: ({ key }) => key,
  input: z.object({
    key: promptKey,
    environment: environmentName.optional(),
    guard: name,
    reason: words,
  }),
  output: changedGuard,
  run: removeGuard,
});

const tuning = z.object({
  key: promptKey,
  environment: environmentName,
  since: time.optional(),
  window: z.int().min(1).max(LONGEST_WINDOW).optional(),
  minimum: z.int().min(0).optional(),
  target: z.number().min(0).optional(),
  metrics: z.array(name).max(MOST_METRICS).optional(),
});

export const tuneGuardsOperation = operation({
  name: "guard.tune",
  method: "GET",
  path: "/prompts/{key}/guards/tuning",
  tag: "guards",
  summary: "Limits proposed from the past, with the false alarms to expect; nothing is recorded.",
  scope: "read",
  where: ({ environment }) => environment,
  targetOf: ({ key }) => key,
  input: tuning,
  output: tuneReport,
  run: tuneGuards,
});

export const acceptTuningOperation = operation({
  name: "guard.accept",
  method: "POST",
  path: "/prompts/{key}/guards/tuning",
  tag: "guards",
  summary: "Set every guard that tuning proposes, each with the figures as its reason.",
  scope: "release",
  where: ({ environment }) => environment,
  targetOf: ({ key }) => key,
  input: tuning,
  output: tuneReport,
  run: acceptTuning,
});

export const GUARD_OPERATIONS = [
  listGuardsOperation,
  setGuardOperation,
  removeGuardOperation,
  tuneGuardsOperation,
  acceptTuningOperation,
] as const;
