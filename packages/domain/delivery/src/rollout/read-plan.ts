/** Reads the plan of a rollout as a person wrote it. */
import type {
  AllocationPolicy,
  MetricKind,
  Objective,
  Risk,
  RolloutGuard,
  RolloutPlan,
  RolloutStep,
} from "@colophon/kernel";
import { metricKind } from "../guards/metric-values.ts";
import { checkPlan, type PlanProblem, refusePlan } from "./check-plan.ts";
import { comparisonDefaults, DEFAULT_SHADOW, defaultPlan, defaultStep } from "./default-plan.ts";
import {
  PLAN_FILE,
  type WrittenComparison,
  type WrittenGuard,
  type WrittenObjective,
  type WrittenPlan,
  type WrittenPolicy,
} from "./plan-shape.ts";

/**
 * Turns the object of a plan file (YAML or JSON, parsed) into a plan: percentages (`5%`), durations (`30m`)
 * and money (`5 USD`) as people write them, what is left out from the defaults of the risk. `checked` is as in
 * `defaultPlan`. The shape is published as `docs/rollout-plan.schema.json`; rules beyond it, such as growing
 * steps, are checked here too.
 *
 * @throws HarnessError `input-malformed`, naming every problem with its path; an unknown field with the
 * name that was probably meant.
 */
export function readPlan(value: unknown, risk: Risk, more: { readonly checked?: boolean } = {}): RolloutPlan {
  const problems: PlanProblem[] = [];
  const file = PLAN_FILE.read(value, { path: "", problems });
  refusePlan(problems);
  const plan = fill(file ?? {}, defaultPlan(risk, more), risk);
  checkPlan(plan);
  return plan;
}

function fill(file: WrittenPlan, defaults: RolloutPlan, risk: Risk): RolloutPlan {
  const guards = file.guards?.map((guard) => readGuard(guard, risk)) ?? defaults.guards;
  const { $schema: _schema, dwell: _dwell, units: _units, ...rest } = file;
  return {
    ...defaults,
    ...rest,
    steps: readSteps(file, defaults, risk),
    shadow: file.shadow == null ? null : { ...DEFAULT_SHADOW, ...file.shadow },
    policy: file.policy === undefined ? defaults.policy : readPolicy(file.policy, risk),
    guards,
    clearing: file.clearing ?? defaults.clearing.filter((metric) => compares(guards, metric)),
    missing: { ...defaults.missing, ...file.missing },
  };
}

/** Metrics that the risk asks for are cleared where the plan's own guards compare them. */
function compares(guards: readonly RolloutGuard[], metric: string): boolean {
  return guards.some((guard) => guard.kind === "comparison" && guard.metric === metric);
}

function readSteps(file: WrittenPlan, defaults: RolloutPlan, risk: Risk): readonly RolloutStep[] {
  const { dwell = defaultStep(risk).dwell, units = defaultStep(risk).units } = file;
  const steps = file.steps ?? defaults.steps.map(({ share }) => share);
  return steps.map((step) =>
    typeof step === "number" ? { share: step, dwell, units } : { dwell, units, ...step },
  );
}

function readGuard(written: WrittenGuard, risk: Risk): RolloutGuard {
  const { metric, kind, worse, action } = written;
  const custom = kind === undefined || worse === undefined ? undefined : { kind, worse };
  const of = metricKind(metric, custom)?.kind;
  const described = metricKind(metric) === undefined && custom !== undefined ? { custom } : {};
  const does = action ?? (of === "amount" ? "hold" : "rollback");
  if ("above" in written || "below" in written) {
    const direction = "above" in written ? "above" : "below";
    const limit = "above" in written ? written.above : written.below;
    return {
      kind: "limit",
      metric,
      direction,
      limit,
      minimum: written.minimum ?? 30,
      action: does,
      ...described,
    };
  }
  return { ...readComparison(written, of ?? "event", risk), action: does, ...described };
}

/** A bound that is left out keeps its distance to the one that was written. */
function readComparison(written: WrittenComparison, kind: MetricKind, risk: Risk) {
  const defaults = comparisonDefaults(kind, risk);
  const tolerated = written.tolerated ?? Math.min(defaults.tolerated, written.acceptable ?? Infinity);
  const gap = defaults.acceptable - defaults.tolerated;
  const { metric, alpha = null, negligible = defaults.negligible } = written;
  return {
    kind: "comparison",
    metric,
    tolerated,
    acceptable: written.acceptable ?? tolerated + gap,
    alpha,
    ...(negligible === undefined ? {} : { negligible }),
  } as const;
}

function readPolicy(written: WrittenPolicy, risk: Risk): AllocationPolicy {
  if (written === "fixed") return { kind: "fixed" };
  const { objectives, floor = 0.01, cap = 0.5, halfLife = null, interval = 10 * 60_000 } = written;
  return {
    kind: "mol-ts",
    objectives: objectives.map(readObjective),
    floor,
    cap: risk === "high" ? Math.min(cap, HIGH_RISK_CAP) : cap,
    halfLife,
    interval,
  };
}

/** What sampling may give to challengers of a prompt of high risk, whatever a plan says. */
const HIGH_RISK_CAP = 0.25;

function readObjective(written: WrittenObjective): Objective {
  const { metric, name = metric } = written;
  if ("target" in written) {
    return { name, metric, scale: { target: written.target, direction: written.direction } };
  }
  if ("best" in written) return { name, metric, scale: { best: written.best, worst: written.worst } };
  return { name, metric, scale: null };
}
