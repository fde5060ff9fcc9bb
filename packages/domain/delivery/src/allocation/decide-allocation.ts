/** Decides with which probability each arm is drawn, and whether that differs enough to be published. */
import { type Arm, HarnessError } from "@colophon/kernel";
import { seededDraws, selectionProbabilities, withFloor } from "@colophon/methods";
import { armFeasibility, type Feasibility } from "./arm-feasibility.ts";
import type { ArmPosterior, Posteriors } from "./project-posteriors.ts";

export interface AllocationOptions {
  /** The version that is live: it always competes, and takes what nobody else may have. */
  readonly live: number;
  /** Least share of each arm that is not infeasible. */
  readonly floor: number;
  /** Largest share of the challengers together. */
  readonly cap: number;
  /** Of the draws; the same seed and posteriors give the same shares. */
  readonly seed: number;
  /**
   * How much each objective weighs, by name: concentrations of the Dirichlet distribution that weights are
   * drawn from, each 1 or more. 1 when left out; all 1 draws every mixture equally often.
   */
  readonly weights?: Readonly<Record<string, number>>;
  /** With which a guard has to be known to be kept or broken; 0.95 when left out. */
  readonly confidence?: number;
  /** 10,000 when left out. */
  readonly draws?: number;
  /** The challengers' shares that are served now; null before the first publication. */
  readonly published?: readonly Arm[] | null;
  /** The least change of any share that is published; 0.02 when left out. */
  readonly minChange?: number;
}

export interface AllocatedArm extends Arm {
  readonly feasibility: Feasibility;
}

export interface Allocation {
  /** All arms in the order of their versions; the shares add up to 1. */
  readonly arms: readonly AllocatedArm[];
  /** The challengers alone, as a rollout's record holds them; live serves the rest. */
  readonly challengers: readonly Arm[];
  /** The largest change of a share; null before the first publication. */
  readonly change: number | null;
  readonly publish: boolean;
}

/**
 * Multi-objective Thompson sampling among the arms that keep their guards:
 *
 * 1. An infeasible challenger gets 0. An undecided one gets the floor and no more.
 * 2. Live and the feasible challengers share the rest as often as `chooseArm` draws each of them, the
 *    floor included.
 * 3. Where the challengers hold more than the cap, each gives up the same part of its share.
 * 4. Live serves whatever is left.
 *
 * Published is what changes a share by `minChange` or more, and always what gives an arm its first share
 * or takes its last.
 *
 * @throws HarnessError `usage` for a live version that is no arm, a floor that the arms cannot all have, a
 * cap outside [0, 1], and weights of objectives that there are not.
 */
export function decideAllocation({ arms }: Posteriors, options: AllocationOptions): Allocation {
  const { live, cap } = options;
  checkOptions(arms, options);
  const states = new Map(arms.map((arm) => [arm, armFeasibility(arm, options.confidence ?? 0.95)]));
  const drawn = drawShares(arms, states, options);
  const together = arms.reduce(
    (sum, arm) => (arm.version === live ? sum : sum + (drawn.get(arm.version) ?? 0)),
    0,
  );
  const kept = together > cap ? cap / together : 1;
  const challengers = arms
    .filter(({ version }) => version !== live)
    .map(({ version }) => ({ version, share: kept * (drawn.get(version) ?? 0) }));
  const rest = Math.max(0, 1 - challengers.reduce((sum, { share }) => sum + share, 0));
  const shares = new Map(challengers.map(({ version, share }) => [version, share])).set(live, rest);
  return {
    arms: arms.map((arm) => ({
      version: arm.version,
      share: shares.get(arm.version) ?? 0,
      feasibility: states.get(arm) ?? "undecided",
    })),
    challengers,
    ...changeOf(challengers, options),
  };
}

/** Before the cap; what the undecided leave of the whole goes to those who compete. */
function drawShares(
  arms: readonly ArmPosterior[],
  states: ReadonlyMap<ArmPosterior, Feasibility>,
  { live, floor, seed, weights = {}, draws }: AllocationOptions,
): ReadonlyMap<number, number> {
  const served = arms.filter((arm) => arm.version === live || states.get(arm) !== "infeasible");
  const competing = served.filter((arm) => arm.version === live || states.get(arm) === "feasible");
  const objectives = arms[0]?.objectives ?? [];
  const drawn = selectionProbabilities(
    competing.map((arm) => arm.objectives.map(({ counts }) => counts)),
    {
      concentrations: objectives.map(({ objective }) => weights[objective] ?? 1),
      random: seededDraws(seed),
      ...(draws === undefined ? {} : { draws }),
    },
  );
  const wins = new Map(competing.map(({ version }, at) => [version, drawn?.[at] ?? 0]));
  const floored = withFloor(
    served.map(({ version }) => wins.get(version) ?? 0),
    floor,
  );
  return new Map(served.map(({ version }, at) => [version, floored[at] ?? 0]));
}

function changeOf(
  challengers: readonly Arm[],
  { published = null, minChange = 0.02 }: AllocationOptions,
): Pick<Allocation, "change" | "publish"> {
  if (published === null) return { change: null, publish: true };
  const [before, after] = [published, challengers].map(
    (arms) => new Map(arms.map(({ version, share }) => [version, share])),
  ) as [Map<number, number>, Map<number, number>];
  let [change, turned] = [0, false];
  for (const version of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(version) ?? 0, after.get(version) ?? 0];
    change = Math.max(change, Math.abs(is - was));
    turned ||= is > 0 !== was > 0;
  }
  return { change, publish: turned || (change > 0 && change >= minChange) };
}

function checkOptions(arms: readonly ArmPosterior[], { live, cap, weights = {} }: AllocationOptions): void {
  const served = arms.find(({ version }) => version === live);
  if (served === undefined) {
    throw new HarnessError("usage", `v${live} is live and no arm; project its posteriors with the others'.`);
  }
  if (!(cap >= 0 && cap <= 1)) {
    throw new HarnessError("usage", `${cap} is no cap of the challengers; give a share from 0 to 1.`);
  }
  const names = served.objectives.map(({ objective }) => objective);
  const unknown = Object.keys(weights).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new HarnessError(
      "usage",
      `There is no objective ${unknown} to weigh; there are ${names.join(", ")}.`,
    );
  }
}
