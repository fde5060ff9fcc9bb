/** Starts a rollout: one version, several arms, or a release set of several prompts that moves together. */
import {
  type Actor,
  type EpochMs,
  getEnvironment,
  getPrompt,
  getServable,
  HarnessError,
  hashDocument,
  type IdSource,
  inheritanceOf,
  type Pseudonym,
  type RecordDecision,
  type RecordDraft,
  type RegistryState,
  type RolloutData,
  type RolloutPlan,
} from "@colophon/kernel";
import { refuseDuringDrill } from "../drill/rehearsal.ts";
import type { Texts } from "../fit.ts";
import { liveOf, reachedEnvironments } from "../live.ts";
import { listOverrides } from "../override-entries.ts";
import { writtenException } from "../pass-gate.ts";
import { refuseUnpinned } from "../refuse-unpinned.ts";
import { writtenReason } from "../written-reason.ts";
import { checkPlan } from "./check-plan.ts";
import { sharePercent } from "./metric-words.ts";
import { askGate, type GatePasses, rolloutMisfits } from "./rollout-gate.ts";
import { controlShare, openRollout } from "./rollout-members.ts";
import { rolloutSalt, type SaltedMember } from "./rollout-salt.ts";
import { shadowShare } from "./shadow-share.ts";

export interface StartCommand {
  /** One prompt with one or several versions, or several prompts with one each. */
  readonly members: readonly SaltedMember[];
  readonly environment: string;
  readonly plan: RolloutPlan;
  /** Only this part of the traffic takes part; null for all of it. */
  readonly where: RolloutData["where"];
  /** The pseudonym of `where.documentType`, where there is one. */
  readonly documentType?: Pseudonym | null;
  readonly reason: string;
  readonly passes: GatePasses;
  /** Why the canary may begin without evidence. */
  readonly breakGlass?: string | null;
  readonly by: Actor;
  readonly now: EpochMs;
  readonly ids: IdSource;
  /** The versions' texts and those of their partials, by hash. */
  readonly texts: Texts;
}

export interface StartedMember {
  readonly id: string;
  readonly key: string;
  readonly versions: readonly number[];
  readonly baseline: number;
}

export interface Started {
  readonly members: readonly StartedMember[];
  readonly environment: string;
  readonly state: RolloutData["state"];
  readonly step: number;
  /** Share of units that the challengers serve together from now on. */
  readonly share: number;
  readonly set: string | null;
  readonly salt: string;
  readonly breakGlass: string | null;
  /** In words, what keeps the canary from beginning. */
  readonly lacks: readonly string[];
}

/**
 * Begins with the plan's shadow, which needs no evidence; without a shadow with its first step where the
 * gate lets a canary through, else `pending`. All members or none.
 *
 * @throws HarnessError `reason-missing`, `key-unknown`, `version-unknown`, `environment-unknown`, `withdrawn`,
 * `misfit`, `prompt-invalid` (an unpinned partial where the environment is protected), `input-malformed` for
 * a plan that contradicts itself, `usage` where there is nothing to compare with, a rollout is open or the policy cannot be kept, or
 * `store-corrupt` with `details.missingTexts`.
 */
export function decideStart(state: RegistryState, command: StartCommand): RecordDecision<Started> {
  const { environment, plan, by, now, ids, where } = command;
  const what = command.members.map(({ key }) => key).join(", ");
  const reason = writtenReason(command.reason, `A rollout of ${what}`);
  const exception = writtenException(command.breakGlass);
  getEnvironment(state, environment);
  checkMembers(command.members);
  checkPlan(plan);
  checkPolicy(command);
  const baselines = command.members.map((member) => checkMember(state, member, command));
  const gated = command.members.map((member) => ({ ...member, environment }));
  refuseMisfits(state, gated, command);
  const gate = askGate(state, gated, { door: "canary", passes: command.passes, plan, now });
  const open = gate.evidence.length === 0;
  const first = firstState(plan, open || exception !== null);
  const share = first === "ramping" ? (plan.steps[0]?.share ?? 0) : 0;
  const salt = rolloutSalt(environment, command.members);
  const set = command.members.length > 1 ? ids.next(now) : null;
  const breakGlass = open ? null : exception;
  const members = command.members.map(({ key, versions }, at) => ({
    id: ids.next(now),
    key,
    versions,
    baseline: baselines[at] ?? 0,
  }));
  const drafts = members.map(
    ({ id, key, versions, baseline }): RecordDraft => ({
      kind: "rollout",
      by,
      data: {
        id,
        key,
        environment,
        state: first,
        salt,
        arms: versions.map((version) => ({ version, share: share / versions.length })),
        control: controlShare(share),
        draws: plan.draws,
        shadow: first === "shadowing" ? shadowShare(plan, versions) : null,
        where,
        step: first === "ramping" ? 0 : -1,
        since: now,
        set,
        plan: hashDocument(plan),
        baseline,
        cause: "started",
        heldFrom: null,
        accepted: [],
        readings: [],
        evidence: gate.opened.get(key) ?? [],
        breakGlass,
        reason,
      },
    }),
  );
  const step = first === "ramping" ? 0 : -1;
  const lacks = breakGlass === null ? gate.evidence : [];
  const result = { members, environment, state: first, step, share, set, salt, breakGlass, lacks };
  return { drafts, documents: [plan], result };
}

function firstState(plan: RolloutPlan, mayServe: boolean): "shadowing" | "ramping" | "pending" {
  if (plan.shadow !== null) return "shadowing";
  return mayServe ? "ramping" : "pending";
}

function checkMembers(members: readonly SaltedMember[]): void {
  const keys = members.map(({ key }) => key);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  const empty = members.find(({ versions }) => versions.length === 0);
  const arms = members.find(({ versions }) => versions.length > 1);
  const problem =
    keys.length === 0
      ? "A rollout names no version: write KEY@vN."
      : twice !== undefined
        ? `A release set names ${twice} twice: give each prompt once.`
        : empty !== undefined
          ? `A rollout of ${empty.key} names no version: write ${empty.key}@vN.`
          : arms !== undefined && (members.length > 1 || new Set(arms.versions).size < arms.versions.length)
            ? `${arms.key} has the versions ${arms.versions.join(", ")}: give different ones, and in a release set one for each prompt.`
            : undefined;
  if (problem !== undefined) throw new HarnessError("usage", problem);
}

function checkPolicy({ members, plan: { policy } }: StartCommand): void {
  if (policy.kind === "fixed") return;
  if (members.length > 1) {
    throw new HarnessError(
      "usage",
      "The prompts of a release set are drawn alike, so no shares of one can follow what it does: take a plan with the policy fixed.",
    );
  }
  const arms = 1 + (members[0]?.versions.length ?? 0);
  if (arms * policy.floor <= 1) return;
  throw new HarnessError(
    "usage",
    `${arms} arms, the live version among them, cannot each have ${sharePercent(policy.floor)}: give the policy a floor of ${sharePercent(1 / arms)} at the most.`,
  );
}

/** Checks one prompt and gives the version that it is compared with. */
function checkMember(state: RegistryState, { key, versions }: SaltedMember, command: StartCommand): number {
  const { environment } = command;
  const prompt = getPrompt(state, key);
  for (const version of versions) getServable(prompt, version);
  // Its end would change what is live below it in the middle of a comparison.
  const below = reachedEnvironments(state, prompt, environment).slice(1);
  for (const place of [...inheritanceOf(state, environment), ...below]) {
    const open = openRollout(prompt, place);
    if (open === undefined) continue;
    const versions = open.arms.map((arm) => `v${arm.version}`).join(", ");
    throw new HarnessError(
      "usage",
      `A rollout of ${key} (${versions}) is ${open.state} in ${place}: wait for its end, or end it with \`colophon rollout abort ${key} --env ${place}\`.`,
      { details: { key, environment: place, rollout: open.id } },
    );
  }
  const live = liveOf(state, key, environment);
  if (live === undefined) {
    throw new HarnessError(
      "usage",
      `Nothing of ${key} is live in ${environment} that a version could be compared with: release its first one with \`colophon release ${key}@v${versions[0]} --env ${environment}\`.`,
      { details: { key, environment } },
    );
  }
  refuseDuringDrill(prompt, live.release);
  if (versions.includes(live.version)) {
    throw new HarnessError(
      "usage",
      `${key}@v${live.version} is live in ${environment} already: name another version.`,
      { details: { key, environment, version: live.version } },
    );
  }
  refuseOverridden(state, key, command);
  return live.version;
}

/** An override stands before every rollout: one for the same scope would leave it without traffic. */
function refuseOverridden(state: RegistryState, key: string, command: StartCommand): void {
  const { where, documentType = null, environment, now } = command;
  const tenant = where?.tenant;
  const standing = listOverrides(state, { key, environment, status: "active", now }).find(
    (one) =>
      (one.kind === "documentType" &&
        one.subject === documentType &&
        (one.tenant === undefined || one.tenant === tenant)) ||
      (one.kind === "tenant" && one.subject === tenant),
  );
  if (standing === undefined) return;
  throw new HarnessError(
    "usage",
    `An override serves v${standing.version} of ${key} to this ${standing.kind === "tenant" ? "tenant" : "document type"} before any rollout: clear it first with \`colophon override clear\`.`,
    { details: { key, environment, kind: standing.kind } },
  );
}

function refuseMisfits(
  state: RegistryState,
  members: readonly (SaltedMember & { readonly environment: string })[],
  { environment, texts }: StartCommand,
): void {
  const misfits = rolloutMisfits(state, members, texts);
  if (misfits.length > 0) {
    throw new HarnessError(
      "misfit",
      `The code in ${environment} cannot serve every version: ${misfits.join("; ")}. Deploy code that fits, or roll out another version.`,
      { details: { environment, misfits } },
    );
  }
  for (const { key, versions } of members) {
    const prompt = getPrompt(state, key);
    const reached = reachedEnvironments(state, prompt, environment);
    for (const version of versions)
      refuseUnpinned(state, reached, { prompt, version: getServable(prompt, version), texts });
  }
}
