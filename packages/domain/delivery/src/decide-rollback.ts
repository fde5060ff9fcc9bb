/** Goes back to what was served before; never asks for evidence or approval. */
import {
  type Actor,
  type EpochMs,
  getEnvironment,
  getPrompt,
  getServable,
  HarnessError,
  overrideScope,
  type PromptState,
  type RecordDecision,
  type RegistryState,
  type ReleaseEntry,
  type VersionEntry,
} from "@colophon/kernel";

import { isRehearsed, rehearsalOf } from "./drill/rehearsal.ts";
import { fitOf, type Texts } from "./fit.ts";
import { liveHistory, liveOf, reachedEnvironments } from "./live.ts";
import { listOverrides, type OverrideView } from "./override-entries.ts";
import { rollbackDraft } from "./rollback-draft.ts";
import { type RollbackPartner, rollbackPartners } from "./rollback-partners.ts";
import { type RollbackCandidate, rollbackTarget } from "./rollback-target.ts";
import { type EndedRollout, interruptRollouts } from "./rollout/interrupt-rollouts.ts";
import { openRollout, servedShare } from "./rollout/rollout-members.ts";
import { writtenReason } from "./written-reason.ts";

export interface RollbackCommand {
  readonly key: string;
  readonly environment: string;
  /** Absent: what was served before the last change, so a canary's end or the latest that is fit to go back to. */
  readonly to?: number | null;
  /** Leaves the live version also while a canary serves. */
  readonly fromLive?: boolean;
  readonly reason: string;
  readonly by: Actor;
  readonly now: EpochMs;
  /** Texts of the versions that may be gone back to, and of their partials, by hash. */
  readonly texts: Texts;
}

export interface RolledBack {
  readonly key: string;
  readonly environment: string;
  /** The version that was left; null when nothing was live. */
  readonly from: number | null;
  readonly version: number;
  readonly hash: string;
  /** True when it was live there already, and no rollout had to end: nothing was recorded. */
  readonly unchanged: boolean;
  /** Rollouts that ended with it, in the same append. */
  readonly ended: readonly EndedRollout[];
  /** Prompts whose versions were released together with the one that was left, and go back with it. */
  readonly together: readonly RollbackPartner[];
  readonly inheritedBy: readonly string[];
  /** Overrides that go on serving the version that was left. */
  readonly overrides: readonly OverrideView[];
  readonly warnings: readonly string[];
}

/**
 * Takes the last change back. While a canary serves, that is the canary: it ends and the live version stays,
 * unless a version to go back to is named. Else it is the last release; a rollout that serves nobody yet ends
 * with it, and versions that a release set made live together go back together. Either way every rollout that serves there ends in the same append, whatever its state.
 *
 * @throws HarnessError `reason-missing`, `key-unknown`, `environment-unknown`, `nothing-to-roll-back`,
 * and for a named target `version-unknown`, `withdrawn`, `misfit`; `store-corrupt` with
 * `details.missingTexts`.
 */
export function decideRollback(state: RegistryState, command: RollbackCommand): RecordDecision<RolledBack> {
  const { key, environment, by } = command;
  const reason = writtenReason(command.reason, `A rollback of ${key}`);
  const prompt = getPrompt(state, key);
  getEnvironment(state, environment);
  const live = liveOf(state, key, environment);
  const from = rehearsalOf(prompt, live?.release)?.from ?? live?.version ?? null;
  const reached = reachedEnvironments(state, prompt, environment);
  const { drafts: ends, ended } = interruptRollouts(
    state,
    { prompt, wanted: (entry) => reached.includes(entry.environment) },
    { cause: "rollback", reason, by, now: command.now },
  );
  const { version, release } = targetOf(state, prompt, command);
  const result = {
    key,
    environment,
    from,
    version: version.version,
    hash: version.hash,
    ended,
    together: [],
    inheritedBy: reached.slice(1),
    overrides: [],
    warnings: [],
  };
  if (version.version === from) {
    const warnings = ends.length === 0 ? [] : keptWarnings(command, from);
    return { drafts: ends, result: { ...result, unchanged: ends.length === 0, warnings } };
  }
  const overrides = from === null ? [] : servingOverrides(state, { ...command, from });
  const own =
    live?.inherited == null
      ? []
      : [`${environment} has a release of its own from now on and no longer follows ${live.inherited}.`];
  const partners = rollbackPartners(state, live?.release, { ...command, reason });
  const back = { ...release, version: version.version };
  const move = rollbackDraft(back, { environment, from, reason, by });
  return {
    drafts: [move, ...ends, ...partners.drafts],
    result: {
      ...result,
      unchanged: false,
      ended: [...ended, ...partners.ended],
      together: partners.together,
      overrides,
      warnings: [...own, ...partners.warnings],
    },
  };
}

/** What a person who meant the release, not the canary, has to do. */
function keptWarnings({ key, environment, to }: RollbackCommand, from: number): readonly string[] {
  if (to !== undefined && to !== null) return [];
  return [
    `The canary ended and v${from} stays live: run \`colophon rollback ${key} --env ${environment}\` again to go back from it too.`,
  ];
}

/** An override for all environments does not serve where its subject has one for this environment. */
function servingOverrides(
  state: RegistryState,
  { key, environment, now, from }: RollbackCommand & { readonly from: number },
): readonly OverrideView[] {
  const active = listOverrides(state, { key, environment, status: "active", now });
  const nearer = new Set(
    active.filter((one) => one.environment !== null).map((one) => overrideScope(one.kind, one.subject)),
  );
  return active.filter(
    (one) =>
      one.version === from && (one.environment !== null || !nearer.has(overrideScope(one.kind, one.subject))),
  );
}

interface Target {
  readonly version: VersionEntry;
  readonly release: ReleaseEntry;
}

function targetOf(state: RegistryState, prompt: PromptState, command: RollbackCommand): Target {
  if (command.to !== undefined && command.to !== null)
    return namedTarget(state, prompt, { ...command, to: command.to });
  const kept = keptLive(state, prompt, command);
  if (kept !== undefined) return kept;
  const { version, release, considered } = rollbackTarget(state, command);
  if (version !== null && release !== null) return { version: getServable(prompt, version), release };
  throw nothingToRollBack(command, considered);
}

/** The live version, while the last change is a canary beside it. */
function keptLive(
  state: RegistryState,
  prompt: PromptState,
  { environment, fromLive = false }: RollbackCommand,
): Target | undefined {
  if (fromLive) return undefined;
  const canary = openRollout(prompt, environment);
  const live = liveOf(state, prompt.key, environment);
  if (canary === undefined || servedShare(canary) === 0 || live === undefined) return undefined;
  if (isRehearsed(prompt, canary)) return undefined;
  const version = prompt.versions.get(live.version);
  return version === undefined || version.withdrawn !== null ? undefined : { version, release: live.release };
}

const OUTCOMES: Readonly<Record<RollbackCandidate["outcome"], string>> = {
  target: "is the one",
  live: "is the live one",
  withdrawn: "is withdrawn",
  "rolled-back": "was rolled back from",
  misfit: "does not fit the code",
};

function nothingToRollBack(
  { key, environment }: RollbackCommand,
  considered: readonly RollbackCandidate[],
): HarnessError {
  const tried = considered.map(({ version, outcome }) => `v${version} ${OUTCOMES[outcome]}`).join(", ");
  return new HarnessError(
    "nothing-to-roll-back",
    `${key} has nothing to go back to in ${environment}: ${tried || "nothing was ever live there"}. Release a version, or withdraw the live one to serve what the code declares.`,
    { details: { key, environment, considered } },
  );
}

function namedTarget(
  state: RegistryState,
  prompt: PromptState,
  { to, environment, texts }: RollbackCommand & { readonly to: number },
): Target {
  const version = getServable(prompt, to);
  const { lived, current } = liveHistory(state, prompt, environment);
  const release = lived.findLast((one) => one.version === to);
  if (release === undefined) {
    const were = [...new Set(lived.map((one) => `v${one.version}`))].join(", ");
    throw new HarnessError(
      "nothing-to-roll-back",
      `${prompt.key}@v${to} was never live in ${environment}, where ${were === "" ? "nothing ever was" : `only ${were} was`}: release it instead.`,
      { details: { key: prompt.key, version: to, environment } },
    );
  }
  if (to === current) return { version, release };
  const { misfits } = fitOf(state, { prompt, hash: version.hash, environment, model: release.model, texts });
  if (misfits.length === 0) return { version, release };
  throw new HarnessError(
    "misfit",
    `${prompt.key}@v${to} no longer fits the code in ${environment}: ${misfits.join("; ")}. Go back to another version, or retire an application that is gone.`,
    { details: { key: prompt.key, version: to, misfits } },
  );
}
