/** The fields of a plan file, and its published JSON Schema. */
import type { JsonSchema } from "@colophon/kernel";
import {
  anyText,
  choice,
  described,
  duration,
  emptyOr,
  group,
  hasField,
  list,
  money,
  name,
  number,
  oneOf,
  percentage,
  type ReadOf,
} from "./plan-field.ts";

const stepGroup = group(
  { share: percentage(), dwell: duration, units: number({ minimum: 0, whole: true }) },
  ["share"],
);
const bareShare = percentage();
/** A step is a share alone, or a share with its own dwell and units. */
const step = oneOf<ReadOf<typeof stepGroup> | number>([bareShare, stepGroup], (value) =>
  typeof value === "object" ? stepGroup : bareShare,
);

const about = {
  metric: name,
  kind: choice("event", "score", "amount"),
  worse: choice("higher", "lower"),
  action: choice("rollback", "hold"),
};
const comparison = group(
  {
    ...about,
    tolerated: number({ minimum: 0 }),
    acceptable: number({ above: 0 }),
    negligible: percentage(),
    alpha: percentage(),
  },
  ["metric"],
);
const plainBound = number({ minimum: 0 });
const shareBound = percentage({ zero: true });
const bound = oneOf([shareBound, plainBound], (value) =>
  typeof value === "number" ? plainBound : shareBound,
);
const minimum = number({ minimum: 1, whole: true });
const above = group({ ...about, above: bound, minimum }, ["metric", "above"]);
const below = group({ ...about, below: bound, minimum }, ["metric", "below"]);
/** `above` or `below` makes a guard a hard limit; without them it compares with the control. */
const guard = oneOf<ReadOf<typeof comparison> | ReadOf<typeof above> | ReadOf<typeof below>>(
  [comparison, above, below],
  (value) => (hasField(value, "above") ? above : hasField(value, "below") ? below : comparison),
);

const shadow = group({
  rate: percentage(),
  concurrency: number({ minimum: 1, whole: true }),
  calls: number({ minimum: 1, whole: true }),
  budget: money,
  metric: name,
  margin: percentage({ zero: true }),
  alpha: percentage(),
  pairs: number({ minimum: 1, whole: true }),
  patience: duration,
});

const plainObjective = group({ name, metric: name }, ["metric"]);
const scaledObjective = group({ name, metric: name, best: number({}), worst: number({}) }, [
  "metric",
  "best",
  "worst",
]);
const targetObjective = group(
  { name, metric: name, target: number({}), direction: choice("above", "below") },
  ["metric", "target", "direction"],
);
const objective = oneOf<
  ReadOf<typeof plainObjective> | ReadOf<typeof scaledObjective> | ReadOf<typeof targetObjective>
>([plainObjective, scaledObjective, targetObjective], (value) =>
  hasField(value, "target") || hasField(value, "direction")
    ? targetObjective
    : hasField(value, "best") || hasField(value, "worst")
      ? scaledObjective
      : plainObjective,
);
const fixed = choice("fixed");
const sampling = group(
  {
    kind: choice("mol-ts"),
    objectives: list(objective, { least: 1 }),
    floor: percentage({ zero: true }),
    cap: percentage(),
    halfLife: emptyOr(duration),
    interval: duration,
  },
  ["kind", "objectives"],
);
const policy = oneOf<"fixed" | ReadOf<typeof sampling>>([fixed, sampling], (value) =>
  typeof value === "object" ? sampling : fixed,
);

const missing = group({
  noData: choice("rollback", "hold", "continue"),
  staleData: choice("rollback", "hold", "continue"),
  mismatch: choice("rollback", "hold"),
  inconclusive: choice("rollback", "hold"),
});

export type WrittenGuard = ReadOf<typeof guard>;
export type WrittenComparison = ReadOf<typeof comparison>;
export type WrittenPolicy = ReadOf<typeof policy>;
export type WrittenObjective = ReadOf<typeof objective>;
export type WrittenPlan = ReadOf<typeof PLAN_FILE>;

/** The whole file; what is left out comes from the prompt's risk. */
export const PLAN_FILE = group({
  $schema: described("Where this schema is, for editors.", anyText),
  format: described("Edition of this format.", choice(1)),
  steps: described(
    "Shares of units that the challengers serve, one after another.",
    list(step, { least: 1 }),
  ),
  dwell: described("How long each step lasts at least.", duration),
  units: described(
    "Units that each challenger serves in each step at least.",
    number({ minimum: 0, whole: true }),
  ),
  shadow: described("Calls repeated beside the live ones before the first step.", emptyOr(shadow)),
  policy: described("How arms get their shares.", policy),
  draws: described("Whether a unit keeps its arm, or each call draws anew.", choice("unit", "call")),
  guards: described("What stops the rollout.", list(guard)),
  alpha: described("Chance that a comparison fires falsely, over the whole rollout.", percentage()),
  promotionAlpha: described("Chance that a challenger is cleared falsely, of each comparison.", percentage()),
  approvals: described(
    "Approvals by others than the author before it serves everybody.",
    number({ minimum: 0, whole: true }),
  ),
  clearing: described("Metrics to be cleared before it serves everybody.", list(name)),
  missing: described("What to do where nothing is known.", missing),
  quiet: described("How long without a row counts as no data.", duration),
  patience: described(
    "How long a step waits for its units, and the last one with a control to be cleared.",
    duration,
  ),
});

/** The JSON Schema of a plan file, as it is published. */
export function planSchema(): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Colophon rollout plan",
    description: "How a version is let out by stages; what is left out comes from the risk of the prompt.",
    ...PLAN_FILE.schema,
  };
}
