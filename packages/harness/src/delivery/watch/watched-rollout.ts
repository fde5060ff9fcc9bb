/** A rollout with the watches of all its members, and what delivery would decide about it now. */
import { type Advanced, type CostOf, challengersOf, decideAdvance, rolloutMembers } from "@colophon/delivery";
import type { Pseudonym, RegistryState, RolloutEntry, RolloutPlan } from "@colophon/kernel";
import type { Decide } from "../../change-registry.ts";
import { connectedProcesses } from "../../drill/connected-processes.ts";
import type { Harness } from "../../harness.ts";
import { gatePasses } from "../gate-passes.ts";
import { loadPlan } from "../load-plan.ts";
import { RolloutWatch, type ShadowPairsOf } from "./rollout-watch.ts";

export interface WatchedRollout {
  readonly plan: RolloutPlan;
  /** In the order of their keys. */
  readonly members: readonly RolloutWatch[];
}

export interface WatchedRolloutParts {
  readonly costOf: CostOf;
  /** What counts the pairs of a shadow, and appends their evidence when it is decided. */
  readonly pairsOf?: ShadowPairsOf;
}

/** @throws HarnessError `store-corrupt` for a plan that is not in the store. */
export async function watchRollout(
  harness: Harness,
  { state, lead }: { readonly state: RegistryState; readonly lead: RolloutEntry },
  { costOf, pairsOf }: WatchedRolloutParts,
): Promise<WatchedRollout> {
  const plan = await loadPlan(harness, lead.plan);
  const entries = rolloutMembers(state, lead);
  const open = (entry: RolloutEntry): Promise<RolloutWatch> =>
    RolloutWatch.open(harness, entry, {
      plan,
      members: entries.length,
      costOf,
      pairsOf,
    });
  return { plan, members: await Promise.all(entries.map(open)) };
}

export interface RolloutToAdvance {
  readonly state: RegistryState;
  readonly lead: RolloutEntry;
  /** Whether somebody only looks: then a review that is missing is made and not recorded. */
  readonly isLook: boolean;
}

/** What delivery decides by what the members saw at their last look. */
export async function advanceDecision(
  harness: Harness,
  { state, lead, isLook }: RolloutToAdvance,
  { plan, members }: WatchedRollout,
): Promise<Decide<Advanced>> {
  const { key, environment } = lead;
  const { clock, actor: by } = harness;
  const processes = (await connectedProcesses(harness, state, environment)).length;
  const sights = members.map((member) => member.sight(processes, members));
  const asked = rolloutMembers(state, lead).map((entry) => ({
    key: entry.key,
    versions: challengersOf(entry),
    environment,
    isLook,
  }));
  const passes = await gatePasses(harness, asked);
  const documentType = await documentTypeOf(harness, lead);
  const now = clock.now();
  return (current, texts) =>
    decideAdvance(current, { key, environment, plan, sights, passes, documentType, by, now, texts });
}

async function documentTypeOf(harness: Harness, { where }: RolloutEntry): Promise<Pseudonym | null> {
  if (where?.documentType === undefined) return null;
  // Made when the rollout was started, so nothing is written here.
  return (await harness.records.findPseudonym({ kind: "documentType", value: where.documentType })) ?? null;
}
