/** Decides, for a scheduler, whether a rollout goes on, waits, is held or goes back. */
import {
  type Actor,
  type AlertData,
  type EpochMs,
  HarnessError,
  hashDocument,
  type Pseudonym,
  type RecordDecision,
  type RegistryState,
  type RolloutEntry,
  type RolloutPlan,
  type RolloutState,
} from "@colophon/kernel";
import type { Texts } from "../fit.ts";
import { judgeRollout, type Situation } from "./judge-rollout.ts";
import { makeMove, stepShare } from "./make-move.ts";
import { askGate, type GatePasses, rolloutMisfits } from "./rollout-gate.ts";
import { challengersOf, getOpenRollout, rolloutMembers, servedShare } from "./rollout-members.ts";
import type { Chosen } from "./rollout-move.ts";
import type { RolloutSight } from "./rollout-sight.ts";

export interface AdvanceCommand {
  /** Any member of the rollout. */
  readonly key: string;
  readonly environment: string;
  readonly plan: RolloutPlan;
  /** One for each member. */
  readonly sights: readonly RolloutSight[];
  /** Evidence and approvals of each member. */
  readonly passes: GatePasses;
  /** The pseudonym of `where.documentType`, where the rollout has one. */
  readonly documentType?: Pseudonym | null;
  readonly by: Actor;
  readonly now: EpochMs;
  /** The challengers' texts and those of their partials, by hash. */
  readonly texts: Texts;
}

export interface Advanced {
  readonly key: string;
  readonly environment: string;
  readonly id: string;
  /** True when a sight is of an older record than the newest: nothing was decided, look again. */
  readonly outdated: boolean;
  /** True when something was recorded. */
  readonly moved: boolean;
  readonly state: RolloutState;
  readonly step: number;
  /** Share of units that the challengers serve together from now on. */
  readonly share: number;
  /** In words, what it waits for; empty when it moved. */
  readonly waits: readonly string[];
  /** When time alone may let it move; null where it may not. */
  readonly until: EpochMs | null;
  readonly alert: AlertData | null;
}

/**
 * A sight that is older than the newest record decides nothing, so of two schedulers that saw the same only
 * the first acts. Run as a preview, the answer says what the rollout waits for.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `usage` where no rollout is open or a sight is
 * missing, `input-malformed` for another plan than the rollout's, or `store-corrupt` with
 * `details.missingTexts`.
 */
export function decideAdvance(state: RegistryState, command: AdvanceCommand): RecordDecision<Advanced> {
  const { key, environment, plan, passes, by } = command;
  const entry = getOpenRollout(state, key, environment);
  const members = rolloutMembers(state, entry);
  refuseOtherPlan(members, plan);
  const seen = members.map((member) => ({ ...member, sight: sightOf(member, command) }));
  const { id, state: before, step } = entry;
  const still = { key, environment, id, state: before, step, share: servedShare(entry) };
  if (seen.some(({ sight, revision }) => sight.revision !== revision)) {
    const waits = ["a newer look: another record came since"];
    const result = { ...still, outdated: true, moved: false, waits, until: null, alert: null };
    return { drafts: [], result };
  }
  const situation = situate(state, { seen, entry }, command);
  const move = judgeRollout(situation);
  const evidence = askGate(state, gateMembers(members), {
    door: "canary",
    passes,
    plan,
    now: command.now,
  }).opened;
  const parts = { situation, by, evidence, documentType: command.documentType ?? null };
  const moved = makeMove(move, parts);
  const result = {
    ...still,
    outdated: false,
    moved: move.kind !== "stay",
    state: moved.state,
    step: moved.step,
    share: shareAfter(moved, still, plan),
    waits: move.kind === "stay" ? move.waits : [],
    until: move.kind === "stay" ? move.until : null,
    alert: moved.alert,
  };
  return { drafts: moved.drafts, result };
}

function shareAfter(
  moved: { readonly state: RolloutState; readonly step: number },
  still: { readonly share: number; readonly step: number },
  plan: RolloutPlan,
): number {
  if (moved.state === "completed") return 1;
  if (moved.state === "stopped" || moved.state === "rolled-back") return 0;
  return moved.state === "ramping" && moved.step !== still.step ? stepShare(plan, moved.step) : still.share;
}

function situate(
  state: RegistryState,
  { seen, entry }: { readonly seen: Situation["members"]; readonly entry: RolloutEntry },
  { plan, passes, now, texts }: AdvanceCommand,
): Situation {
  // Which of several arms is to stay is for people to say.
  const choice = challengersOf(entry).length > 1;
  const ask = (door: "canary" | "full", chosen: Chosen | null) =>
    askGate(state, gateMembers(seen, chosen), { door, passes, plan, choice, now });
  // An exception stands for evidence that was missing, never for approvals.
  const excused = entry.breakGlass !== null;
  return {
    members: seen,
    lead: entry,
    plan,
    now,
    pairs: ({ key, id }) =>
      passes.get(key)?.evidence?.findLast((one) => one.pairs?.rollout === id)?.verdict ?? null,
    canary: () => (excused ? [] : ask("canary", null).evidence),
    full: (chosen) => {
      const { evidence, approvals, waived } = ask("full", chosen);
      const misfits = rolloutMisfits(state, gateMembers(seen, chosen), texts);
      return { evidence: excused ? [] : evidence, approvals, waived, misfits };
    },
  };
}

function gateMembers(members: readonly RolloutEntry[], chosen: Chosen | null = null) {
  return members.map((member) => {
    const { key, environment } = member;
    const version = chosen?.get(key);
    return { key, environment, versions: version === undefined ? challengersOf(member) : [version] };
  });
}

/** @throws HarnessError `input-malformed` where the plan is not the one that the rollout began with. */
export function refuseOtherPlan(members: readonly RolloutEntry[], plan: RolloutPlan): void {
  const hash = hashDocument(plan);
  const other = members.find((member) => member.plan !== hash);
  if (other === undefined) return;
  throw new HarnessError(
    "input-malformed",
    `The rollout of ${other.key} began with the plan ${other.plan.slice(0, 12)}…, not with ${hash.slice(0, 12)}…: load the document that its record names.`,
    { details: { key: other.key, plan: other.plan } },
  );
}

function sightOf({ key }: RolloutEntry, { sights }: AdvanceCommand): RolloutSight {
  const sight = sights.find((one) => one.key === key);
  if (sight !== undefined) return sight;
  throw new HarnessError(
    "usage",
    `Nothing was seen of ${key}, which moves with this rollout: give its sight.`,
  );
}
