/** Begins a drill: a rollback that is rehearsed on what really serves. */
import {
  type Actor,
  type EpochMs,
  getEnvironment,
  getPrompt,
  HarnessError,
  hashDocument,
  type PromptState,
  type RecordDecision,
  type RecordDraft,
  type RegistryState,
  type ReleaseEntry,
} from "@colophon/kernel";
import type { Texts } from "../fit.ts";
import { type LiveRelease, liveOf } from "../live.ts";
import { rollbackTarget } from "../rollback-target.ts";
import { openRollout } from "../rollout/rollout-members.ts";
import { rolloutSalt } from "../rollout/rollout-salt.ts";
import { drillPlan } from "./drill-plan.ts";

export interface DrillCommand {
  /** Of its records, new. */
  readonly id: string;
  readonly key: string;
  readonly environment: string;
  /** Share of units that go back and forth, in (0, 1]; 1 releases to the whole environment. */
  readonly share: number;
  /** Processes that follow the environment now. */
  readonly processes: number;
  readonly scheduled: boolean;
  readonly by: Actor;
  readonly now: EpochMs;
  /** Texts of the versions that may be gone back to, and of their partials, by hash. */
  readonly texts: Texts;
}

/** A prompt that goes back and forth: from its live version to what a rollback goes back to. */
export interface DrilledPrompt {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

export interface DrillBegun extends DrilledPrompt {
  /** Prompts that a release set made live together with it, and that go with it. */
  readonly together: readonly DrilledPrompt[];
}

/**
 * Goes back to what a rollback would go back to, and records that it does so in the same append: so whoever
 * finds the old version serving also finds why, and `decideDrillReturn` brings the live one back. The release
 * is no rollback, so that neither version counts as one that was rolled back from.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `withdrawn`, `nothing-to-roll-back`, `usage` for a
 * share that is none, without a process to follow, where nothing of its own is live, while a rollout or
 * another drill is open, or for a share of one prompt of a release set; `store-corrupt` with
 * `details.missingTexts`.
 */
export function decideDrill(state: RegistryState, command: DrillCommand): RecordDecision<DrillBegun> {
  const { key, environment, share } = command;
  getEnvironment(state, environment);
  refuseCommand(command);
  const first = placeOf(state, getPrompt(state, key), command);
  const others = partnersOf(state, first, command).map((prompt) => placeOf(state, prompt, command));
  const [{ key: other } = { key: null }] = others;
  if (share < 1 && other !== null) {
    throw new HarnessError(
      "usage",
      `${key} was released together with ${other}, and a share of units cannot have one without the other: drill the whole environment.`,
      { details: { key, environment, together: others.map((one) => one.key) } },
    );
  }
  const drilled = ({ key: name, from, to }: DrilledPlace): DrilledPrompt => ({ key: name, from, to });
  return {
    drafts: [first, ...others].flatMap((place) => draftsOf(place, command)),
    documents: share === 1 ? [] : [drillPlan(share)],
    result: { ...drilled(first), together: others.map(drilled) },
  };
}

interface DrilledPlace extends DrilledPrompt {
  /** The live release, and the one that `to` was live with. */
  readonly live: ReleaseEntry;
  readonly release: ReleaseEntry;
}

function refuseCommand({ key, environment, share, processes }: DrillCommand): void {
  const problem = !(share > 0 && share <= 1)
    ? `A drill cannot go back for a share of ${share}; give one above 0, up to 1.`
    : processes === 0
      ? `No process is connected in ${environment}, so a drill of ${key} would show nothing: start the application first.`
      : undefined;
  if (problem !== undefined) throw new HarnessError("usage", problem, { details: { key, environment } });
}

/** The others of the release set that made it live, while they are live too. */
function partnersOf(
  state: RegistryState,
  { key, live }: DrilledPlace,
  { environment }: DrillCommand,
): readonly PromptState[] {
  if (live.set === null) return [];
  return [...state.prompts.values()].filter(
    (prompt) => prompt.key !== key && liveOf(state, prompt.key, environment)?.release.set === live.set,
  );
}

function placeOf(
  state: RegistryState,
  prompt: PromptState,
  { environment, texts }: DrillCommand,
): DrilledPlace {
  const { key } = prompt;
  const live = drilledLive(state, prompt, environment);
  const { version: to, release } = rollbackTarget(state, { key, environment, texts });
  if (to === null || release === null) {
    throw new HarnessError(
      "nothing-to-roll-back",
      `${key} has nothing to go back to in ${environment}, so there is no rollback to rehearse.`,
      { details: { key, environment } },
    );
  }
  return { key, from: live.version, to, live: live.release, release };
}

function drilledLive(state: RegistryState, prompt: PromptState, environment: string): LiveRelease {
  const { key } = prompt;
  const refuse = (sentence: string): HarnessError =>
    new HarnessError("usage", sentence, { details: { key, environment } });
  if (prompt.drills.get(environment)?.state === "began") {
    throw refuse(`A drill of ${key} is on in ${environment}; wait for its end.`);
  }
  const rollout = openRollout(prompt, environment);
  if (rollout !== undefined) {
    throw refuse(`A rollout of ${key} is ${rollout.state} in ${environment}; drill when it has ended.`);
  }
  const live = liveOf(state, key, environment);
  if (live === undefined)
    throw refuse(`Nothing of ${key} is live in ${environment}; release a version first.`);
  if (live.inherited !== null) {
    throw refuse(`${environment} serves what is live in ${live.inherited}; drill there.`);
  }
  if (prompt.versions.get(live.version)?.withdrawn !== null) {
    throw new HarnessError(
      "withdrawn",
      `${key}@v${live.version} is live in ${environment} and withdrawn, so no drill could go forth to it again: roll back instead.`,
      { details: { key, version: live.version } },
    );
  }
  return live;
}

/** The move, and right after it the record that says so. A release set stays together while it is drilled. */
function draftsOf(place: DrilledPlace, command: DrillCommand): readonly RecordDraft[] {
  const { key, from, to, live, release } = place;
  const { id, environment, share, processes, scheduled, by } = command;
  const reason = `Drill: v${from} goes back to v${to} and forth again.`;
  const move =
    share === 1
      ? releaseDraft({ ...release, version: to, set: live.set, drill: id }, { environment, reason, by })
      : shareDraft(place, { ...command, reason });
  const nothing = { lastFollowed: null, lastReturned: null, missed: 0, late: [], cutOff: null };
  const data = { id, key, environment, from, to, share, processes, scheduled, ...nothing };
  return [move, { kind: "drill", by, data: { ...data, state: "began" } }];
}

type Releasable = Pick<ReleaseEntry, "key" | "version" | "model" | "fingerprint" | "set" | "drill">;

/** Makes a version live that was live before, with the model and the release set that it was live with. */
export function releaseDraft(
  { key, version, model, fingerprint, set, drill }: Releasable,
  given: { readonly environment: string; readonly reason: string; readonly by: Actor },
): RecordDraft {
  const { environment, reason, by } = given;
  const none = { evidence: [], breakGlass: null, rollbackFrom: null };
  const data = { key, environment, lane: "live", version, model, fingerprint, set, reason, ...none } as const;
  return { kind: "release", by, data: drill === undefined ? data : { ...data, drill } };
}

/** A held rollout of the old version: it serves its share, and no scheduler moves it on. */
function shareDraft(
  { key, from, to }: DrilledPrompt,
  { id, environment, share, by, now, reason }: DrillCommand & { readonly reason: string },
): RecordDraft {
  return {
    kind: "rollout",
    by,
    data: {
      ...{ id, key, environment, state: "holding", heldFrom: "ramping", cause: "paused", reason },
      salt: rolloutSalt(environment, [{ key, versions: [from, to] }]),
      arms: [{ version: to, share }],
      control: 0,
      draws: "unit",
      shadow: null,
      where: null,
      step: 0,
      since: now,
      set: null,
      plan: hashDocument(drillPlan(share)),
      baseline: from,
      ...{ accepted: [], readings: [], evidence: [], breakGlass: null },
    },
  };
}
