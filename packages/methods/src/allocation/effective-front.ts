/** Which arms no mixture of arms beats in everything: those that some weighing of the objectives asks for. */
import { maximiseLinear } from "./maximise-linear.ts";
import { type ArmValues, paretoFront } from "./pareto-front.ts";

/** A lead smaller than this is rounding. */
const LEAD = 1e-9;

/**
 * The places of the arms that no mixture of arms dominates, in their order. Such an arm is the best one
 * for some weights that are all positive. A part of the Pareto front: what a mixture beats lies in a dent.
 *
 * For arm i the program max Σ_d s_d with s_d = Σⱼ λⱼ(μⱼ_d − μᵢ_d) ≥ 0 and Σⱼ λⱼ ≤ 1, whose answer is 0 on
 * the front. The effective Pareto front of MOL-TS, arXiv 2512.00930.
 */
export function effectiveFront(arms: readonly ArmValues[]): readonly number[] {
  // A mixture can have each dominated arm replaced by one that dominates it.
  const front = paretoFront(arms);
  return front.filter((at) => {
    const leads = leadsOver(arms, front, at);
    const gain = leads.map((lead) => lead.reduce((sum, value) => sum + value, 0));
    return maximiseLinear({ gain, ...mixtures(leads, 0) }) <= LEAD;
  });
}

/**
 * By arm, max(0, max_λ min_d(Σⱼ λⱼ μⱼ_d − μᵢ_d)): by how much a mixture of arms is better in every
 * objective at once. No smaller than the Pareto gap.
 */
export function effectiveGaps(arms: readonly ArmValues[]): readonly number[] {
  const front = paretoFront(arms);
  return arms.map((_, at) => {
    const leads = leadsOver(arms, front, at);
    if (leads.length === 0) return 0;
    const gain = [...leads.map(() => 0), 1];
    const gap = maximiseLinear({ gain, ...mixtures(leads, 1) });
    return gap <= LEAD ? 0 : gap;
  });
}

/** By how much each arm of the front lies above the arm at `at`, objective by objective. */
function leadsOver(arms: readonly ArmValues[], front: readonly number[], at: number): readonly ArmValues[] {
  const arm = arms[at] as ArmValues;
  return front
    .filter((other) => other !== at)
    .map((other) => (arms[other] as ArmValues).map((value, objective) => value - (arm[objective] as number)));
}

/**
 * The rows that make weights λ a mixture whose lead in every objective is at least `margin` times the
 * last variable; the arm itself takes what the weights leave.
 */
function mixtures(
  leads: readonly ArmValues[],
  margin: 0 | 1,
): { readonly rows: readonly ArmValues[]; readonly limits: readonly number[] } {
  const objectives = leads[0]?.length ?? 0;
  const last = margin === 1 ? [1] : [];
  const rows = Array.from({ length: objectives }, (_, objective) => [
    ...leads.map((lead) => -(lead[objective] as number)),
    ...last,
  ]);
  const whole = [...leads.map(() => 1), ...last.map(() => 0)];
  return { rows: [...rows, whole], limits: [...rows.map(() => 0), 1] };
}
