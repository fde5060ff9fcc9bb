/** The rules that a plan keeps beyond the shape of its fields. */
import { HarnessError, nearestName, type RolloutGuard, type RolloutPlan } from "@colophon/kernel";
import { metricKind } from "../guards/metric-values.ts";

/** One thing that is wrong with a plan, and where. */
export interface PlanProblem {
  /** As the plan is written: `steps[1].share`. */
  readonly path: string;
  readonly problem: string;
}

/** @throws HarnessError `input-malformed`, naming every problem with its path. */
export function checkPlan(plan: RolloutPlan): void {
  refusePlan([
    ...stepProblems(plan),
    ...guardProblems(plan),
    ...clearingProblems(plan),
    ...policyProblems(plan),
  ]);
}

/** @throws HarnessError `input-malformed` where there are problems. */
export function refusePlan(problems: readonly PlanProblem[]): void {
  if (problems.length === 0) return;
  const told = problems.map(({ path, problem }) => (path === "" ? problem : `${path} ${problem}`));
  throw new HarnessError("input-malformed", `This is no rollout plan: ${told.join("; ")}.`, {
    details: { problems },
  });
}

function stepProblems({ steps }: RolloutPlan): PlanProblem[] {
  const problems: PlanProblem[] = [];
  for (const [at, { share }] of steps.entries()) {
    const before = steps[at - 1]?.share ?? 0;
    if (share > before) continue;
    const problem = `is ${percent(share)}, not more than the ${percent(before)} before it; let steps grow`;
    problems.push({ path: `steps[${at}].share`, problem });
  }
  if ((steps[0]?.share ?? 0) >= 1) {
    const problem = "is 100 %, which leaves no control to compare with; begin below";
    problems.push({ path: "steps[0].share", problem });
  }
  return problems;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}

function guardProblems({ guards }: RolloutPlan): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const seen = new Set<string>();
  for (const [at, guard] of guards.entries()) {
    const path = `guards[${at}]`;
    const name = `${guard.kind} ${guard.metric} ${guard.action}`;
    if (seen.has(name)) {
      const problem = `is a second ${guard.kind} of ${guard.metric} with the action ${guard.action}; keep one`;
      problems.push({ path, problem });
    }
    seen.add(name);
    const kind = metricKind(guard.metric, guard.custom);
    if (kind === undefined) {
      const problem = `is no standard metric; say what the outcome ${guard.metric} is with kind and worse`;
      problems.push({ path: `${path}.metric`, problem });
    } else problems.push(...boundProblems(path, guard, kind.kind));
  }
  const given = guards.reduce(
    (sum, guard) => sum + (guard.kind === "comparison" ? (guard.alpha ?? 0) : 0),
    0,
  );
  const rest = guards.some((guard) => guard.kind === "comparison" && guard.alpha === null);
  // Shares such as 0.35 + 0.2 + 0.45 add up to a little more than 1 in floating point.
  if (given > 1 + 1e-9 || (rest && given >= 1 - 1e-9)) {
    const left = rest ? ", which leaves nothing for those without a share of their own" : "";
    problems.push({ path: "guards", problem: `have ${percent(given)} of alpha together${left}` });
  }
  return problems;
}

function boundProblems(path: string, guard: RolloutGuard, kind: "event" | "score" | "amount"): PlanProblem[] {
  if (guard.kind === "limit") {
    if (kind === "amount" || guard.limit <= 1) return [];
    return [
      { path: `${path}.limit`, problem: `is ${guard.limit}, but ${guard.metric} lies between 0 and 1` },
    ];
  }
  const problems: PlanProblem[] = [];
  const { tolerated, acceptable, negligible } = guard;
  if (kind === "score" && acceptable >= 1) {
    problems.push({ path: `${path}.acceptable`, problem: `is ${acceptable}; scores differ by less than 1` });
  }
  if (kind !== "score" && tolerated <= 0) {
    problems.push({ path: `${path}.tolerated`, problem: `is ${tolerated}; give a ratio above 0, such as 1` });
  }
  if (acceptable <= tolerated) {
    const problem = `is ${acceptable}, not more than what is tolerated (${tolerated})`;
    problems.push({ path: `${path}.acceptable`, problem });
  }
  if (negligible !== undefined && kind !== "event") {
    problems.push({ path: `${path}.negligible`, problem: `is for events; ${guard.metric} is none` });
  }
  return problems;
}

function clearingProblems({ clearing, guards }: RolloutPlan): PlanProblem[] {
  const compared = guards.filter((guard) => guard.kind === "comparison").map(({ metric }) => metric);
  return clearing.flatMap((metric, at) => {
    if (compared.includes(metric)) return [];
    const meant = nearestName(metric, compared);
    const advice = meant === undefined ? "add a comparison of it to the guards" : `did you mean ${meant}`;
    return [{ path: `clearing[${at}]`, problem: `is ${metric}, which no guard compares; ${advice}` }];
  });
}

function policyProblems({ policy, steps }: RolloutPlan): PlanProblem[] {
  if (policy.kind === "fixed") return [];
  const problems: PlanProblem[] = [];
  const names = policy.objectives.map(({ name }) => name);
  for (const [at, { name, metric, scale }] of policy.objectives.entries()) {
    const path = `policy.objectives[${at}]`;
    if (names.indexOf(name) !== at) problems.push({ path, problem: `is a second objective named ${name}` });
    if (scale === null && metricKind(metric)?.kind === "amount") {
      problems.push({ path, problem: `counts ${metric}, an amount; give it best and worst, or a target` });
    }
    if (scale !== null && "best" in scale && scale.best === scale.worst) {
      problems.push({ path, problem: "has the same best and worst; give different ones" });
    }
  }
  const last = steps.at(-1)?.share ?? 0;
  if (policy.floor > Math.min(policy.cap, last)) {
    problems.push({ path: "policy.floor", problem: `is ${percent(policy.floor)}, more than arms may have` });
  }
  return problems;
}
