/** Goes back to a version that was live before; never asks for evidence or approval. */
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

import { fitOf, type Texts } from "./fit.ts";
import { liveHistory, liveOf, reachedEnvironments } from "./live.ts";
import { listOverrides, type OverrideView } from "./override-entries.ts";
import { type RollbackCandidate, rollbackTarget } from "./rollback-target.ts";
import { writtenReason } from "./written-reason.ts";

export interface RollbackCommand {
  readonly key: string;
  readonly environment: string;
  /** Absent: the latest that is fit to go back to. */
  readonly to?: number | null;
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
  /** True when it was live there already: nothing was recorded. */
  readonly unchanged: boolean;
  readonly inheritedBy: readonly string[];
  /** Overrides that go on serving the version that was left. */
  readonly overrides: readonly OverrideView[];
  readonly warnings: readonly string[];
}

/**
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
  const from = live?.version ?? null;
  const { version, release } = targetOf(state, prompt, command);
  const result = {
    key,
    environment,
    from,
    version: version.version,
    hash: version.hash,
    inheritedBy: reachedEnvironments(state, prompt, environment).slice(1),
    overrides: [],
    warnings: [],
  };
  if (version.version === from) return { drafts: [], result: { ...result, unchanged: true } };
  const overrides = from === null ? [] : servingOverrides(state, { ...command, from });
  const warnings =
    live?.inherited == null
      ? []
      : [`${environment} has a release of its own from now on and no longer follows ${live.inherited}.`];
  const data = {
    key,
    environment,
    lane: "live",
    version: version.version,
    model: release.model,
    fingerprint: release.fingerprint,
    reason,
    evidence: [],
    breakGlass: null,
    rollbackFrom: from,
    set: null,
  } as const;
  return {
    drafts: [{ kind: "release", by, data }],
    result: { ...result, unchanged: false, overrides, warnings },
  };
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
  const { version, release, considered } = rollbackTarget(state, command);
  if (version !== null && release !== null) return { version: getServable(prompt, version), release };
  throw nothingToRollBack(command, considered);
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
