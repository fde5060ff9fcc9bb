/** Looks at every open rollout in turn, and does what delivery decides about it. */
import {
  type Advanced,
  challengersOf,
  decideAllocation,
  decideShares,
  openRollout,
  projectPosteriors,
  stepShare,
} from "@colophon/delivery";
import {
  type AllocationPolicy,
  type EpochMs,
  type LimitGuard,
  type RegistryState,
  type RolloutEntry,
  sha256,
} from "@colophon/kernel";
import { changeRegistry, previewChange } from "../../change-registry.ts";
import type { Harness } from "../../harness.ts";
import type { RolloutWatch } from "./rollout-watch.ts";
import {
  advanceDecision,
  type WatchedRollout,
  type WatchedRolloutParts,
  watchRollout,
} from "./watched-rollout.ts";

interface Watched extends WatchedRollout {
  /** When an allocation was last asked for; the last one that was published is a record. */
  allocatedAt: EpochMs;
}

export interface RolloutLook {
  readonly key: string;
  readonly environment: string;
  /** Null where looking failed. */
  readonly advanced: Advanced | null;
  /** In one sentence, what failed. */
  readonly problem: string | null;
}

export class RolloutsWatch {
  readonly #harness: Harness;
  readonly #parts: WatchedRolloutParts;
  readonly #watched = new Map<string, Watched>();

  constructor(harness: Harness, parts: WatchedRolloutParts) {
    this.#harness = harness;
    this.#parts = parts;
  }

  /** One look at each open rollout; what fails about one keeps none of the others from being looked at. */
  async look(state: RegistryState): Promise<readonly RolloutLook[]> {
    const open = openRollouts(state);
    const names = new Set(open.map(nameOf));
    for (const name of this.#watched.keys()) if (!names.has(name)) this.#watched.delete(name);
    const looks: RolloutLook[] = [];
    for (const lead of open) {
      const { key, environment } = lead;
      try {
        looks.push({ key, environment, advanced: await this.#lookAt(state, lead), problem: null });
      } catch (error) {
        // Begun anew at the next look: what was folded may be half of a page.
        this.#watched.delete(nameOf(lead));
        const problem = error instanceof Error ? error.message : String(error);
        looks.push({ key, environment, advanced: null, problem });
      }
    }
    return looks;
  }

  async #lookAt(state: RegistryState, lead: RolloutEntry): Promise<Advanced> {
    const watched = await this.#watchOf(state, lead);
    for (const member of watched.members) {
      await member.look();
      await member.settle();
    }
    const decide = await advanceDecision(this.#harness, { state, lead, isLook: false }, watched);
    // Most looks change nothing; only one that does takes the log's lock, and decides there anew.
    const seen = await previewChange(this.#harness, decide);
    if (seen.moved) return (await changeRegistry(this.#harness, decide)).result;
    if (!seen.outdated) await this.#share(lead, watched);
    return seen;
  }

  async #watchOf(state: RegistryState, lead: RolloutEntry): Promise<Watched> {
    const known = this.#watched.get(nameOf(lead));
    if (known !== undefined) return known;
    const watched = { ...(await watchRollout(this.#harness, { state, lead }, this.#parts)), allocatedAt: 0 };
    this.#watched.set(nameOf(lead), watched);
    return watched;
  }

  /** Publishes new shares of the arms, at the policy's interval. */
  async #share(lead: RolloutEntry, watched: Watched): Promise<void> {
    const { plan, members } = watched;
    const [watch] = members;
    const now = this.#harness.clock.now();
    if (plan.policy.kind === "fixed" || watch === undefined || lead.state !== "ramping") return;
    if (now - Math.max(lead.at, watched.allocatedAt) < plan.policy.interval) return;
    watched.allocatedAt = now;
    const allocation = allocate(watch, { lead, plan, policy: plan.policy, now });
    if (!allocation.publish) return;
    const { key, environment, revision: seen } = lead;
    const objectives = plan.policy.objectives.map(({ name }) => name).join(", ");
    const reason = `${objectives} of ${allocation.executions} calls`;
    const command = { key, environment, plan, seen, reason, by: this.#harness.actor };
    await this.#harness.records.append((state) =>
      decideShares(state, { ...command, arms: allocation.challengers }),
    );
  }
}

interface ToAllocate extends Pick<WatchedRollout, "plan"> {
  readonly lead: RolloutEntry;
  readonly policy: Extract<AllocationPolicy, { readonly kind: "mol-ts" }>;
  readonly now: EpochMs;
}

/** The seed is the record's that it goes on from: whoever asks at the same moment draws the same. */
function allocate(watch: RolloutWatch, { lead, plan, policy, now }: ToAllocate) {
  const { id, baseline, arms, step, revision } = lead;
  const posteriors = projectPosteriors(watch.observations.list, {
    versions: [baseline, ...challengersOf(lead)],
    objectives: policy.objectives,
    guards: plan.guards.filter((guard): guard is LimitGuard => guard.kind === "limit"),
    halfLife: policy.halfLife,
    now,
  });
  const allocation = decideAllocation(posteriors, {
    live: baseline,
    floor: policy.floor,
    cap: stepShare(plan, step),
    seed: Number.parseInt(sha256(`${id} ${revision}`).slice(0, 8), 16),
    published: arms.filter(({ version }) => version !== baseline),
  });
  return { ...allocation, executions: posteriors.arms.reduce((sum, arm) => sum + arm.executions, 0) };
}

/** One of each release set. */
function openRollouts(state: RegistryState): readonly RolloutEntry[] {
  const leads = new Map<string, RolloutEntry>();
  for (const prompt of state.prompts.values()) {
    for (const environment of prompt.rollouts.keys()) {
      const rollout = openRollout(prompt, environment);
      if (rollout !== undefined && !leads.has(nameOf(rollout))) leads.set(nameOf(rollout), rollout);
    }
  }
  return [...leads.values()];
}

function nameOf({ set, id }: RolloutEntry): string {
  return set ?? id;
}
