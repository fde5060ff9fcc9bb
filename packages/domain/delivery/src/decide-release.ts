/** Makes a version live in an environment. */
import {
  type Actor,
  canonicalJson,
  currentRelease,
  type EpochMs,
  getEnvironment,
  getPrompt,
  getServable,
  HarnessError,
  isFloatingModel,
  type ModelChoice,
  type PromptState,
  type RecordDecision,
  type RegistryState,
  type RolloutEntry,
  type VersionEntry,
} from "@colophon/kernel";

import { rehearsalOf } from "./drill/rehearsal.ts";
import { misfitsIn, type Texts } from "./fit.ts";
import { liveOf, reachedEnvironments } from "./live.ts";
import { type GateAnswer, type GatePass, passGate } from "./pass-gate.ts";
import { refuseUnpinned } from "./refuse-unpinned.ts";
import { type EndedRollout, type Interrupted, interruptRollouts } from "./rollout/interrupt-rollouts.ts";
import { writtenReason } from "./written-reason.ts";

export interface ReleaseCommand extends GatePass {
  readonly key: string;
  /** Null: the one that is live in `fromEnvironment`. */
  readonly version: number | null;
  readonly environment: string;
  readonly fromEnvironment?: string | null;
  readonly reason: string;
  /** A model other than the text's own. */
  readonly model?: ModelChoice | null;
  readonly by: Actor;
  readonly now: EpochMs;
  /** The version's text and those of its partials, by hash. */
  readonly texts: Texts;
}

export interface Released {
  readonly key: string;
  readonly version: number;
  readonly hash: string;
  readonly environment: string;
  /** True when it was live there already: nothing was recorded. */
  readonly unchanged: boolean;
  /** The version that was live there before, inherited or not. */
  readonly previous: number | null;
  /** Other environments in which it is live through inheritance. */
  readonly inheritedBy: readonly string[];
  readonly evidence: readonly string[];
  readonly breakGlass: string | null;
  /** Rollouts that this release overtook. */
  readonly ended: readonly EndedRollout[];
  readonly warnings: readonly string[];
}

/**
 * A release overtakes every rollout that compares with what it replaces: it ends in the same append.
 *
 * @throws HarnessError `reason-missing`, `key-unknown`, `version-unknown`, `environment-unknown`,
 * `withdrawn`, `misfit`, `prompt-invalid` (an unpinned partial where the environment is protected),
 * `evidence-missing`, or `store-corrupt` with `details.missingTexts`.
 */
export function decideRelease(state: RegistryState, command: ReleaseCommand): RecordDecision<Released> {
  const { key, environment, by, texts } = command;
  const reason = writtenReason(command.reason, `A release of ${key}`);
  const prompt = getPrompt(state, key);
  getEnvironment(state, environment);
  const { version, model } = versionAndModel(state, prompt, command);
  const previous = liveOf(state, key, environment)?.version ?? null;
  const reached = reachedEnvironments(state, prompt, environment);
  const result = {
    key,
    version: version.version,
    hash: version.hash,
    environment,
    previous,
    inheritedBy: reached.slice(1),
  };
  const own = currentRelease(prompt, environment);
  const stays = own?.version === version.version && canonicalJson(own.model) === canonicalJson(model);
  // What a drill has put there for a moment is not what people released.
  if (stays && rehearsalOf(prompt, own) === undefined) {
    const { evidence, breakGlass } = own;
    return {
      drafts: [],
      result: { ...result, unchanged: true, evidence, breakGlass, ended: [], warnings: [] },
    };
  }
  const misfits = misfitsIn(state, reached, { prompt, hash: version.hash, model, texts });
  if (misfits.length > 0) {
    throw new HarnessError(
      "misfit",
      `${key}@v${version.version} does not fit the code: ${misfits.join("; ")}. Deploy code that fits, release another version, or retire an application that is gone.`,
      { details: { key, version: version.version, misfits } },
    );
  }
  refuseUnpinned(state, reached, { prompt, version, texts });
  const question = {
    prompt,
    version,
    environments: reached,
    door: "release",
    model,
    now: command.now,
  } as const;
  const { evidence, breakGlass, waived } = passGate(state, question, command);
  const data = {
    key,
    environment,
    lane: "live",
    version: version.version,
    model,
    fingerprint: null,
    reason,
    evidence,
    breakGlass,
    rollbackFrom: null,
    set: null,
  } as const;
  const warnings = warningsOf({ key, version, model: model ?? texts.get(version.hash)?.model }, command, {
    breakGlass,
    waived,
  });
  const { drafts, ended } = overtake(state, { prompt, reached, released: version.version }, command);
  return {
    drafts: [{ kind: "release", by, data }, ...drafts],
    result: { ...result, unchanged: false, evidence, breakGlass, ended, warnings },
  };
}

function overtake(
  state: RegistryState,
  of: { readonly prompt: PromptState; readonly reached: readonly string[]; readonly released: number },
  { reason, by, now }: ReleaseCommand,
): Interrupted {
  const { prompt, reached, released } = of;
  const wanted = (entry: RolloutEntry) => reached.includes(entry.environment);
  const why = `v${released} was released: ${reason.trim()}`;
  return interruptRollouts(
    state,
    { prompt, wanted },
    { cause: "superseded", reason: why, by, now, released },
  );
}

function versionAndModel(
  state: RegistryState,
  prompt: PromptState,
  { version, fromEnvironment, model, texts }: ReleaseCommand,
): { readonly version: VersionEntry; readonly model: ModelChoice | null } {
  const from = sourceRelease(state, prompt, fromEnvironment);
  if (version !== null && from !== undefined && version !== from.version) {
    throw new HarnessError(
      "usage",
      `${prompt.key}@v${version} was asked for, but ${fromEnvironment} serves v${from.version}: give one of the two.`,
    );
  }
  const number = version ?? from?.version;
  if (number === undefined) {
    throw new HarnessError(
      "usage",
      `No version of ${prompt.key} was named: write ${prompt.key}@vN, or the environment to take it from.`,
    );
  }
  const entry = getServable(prompt, number);
  const chosen = model ?? from?.release.model ?? null;
  const own = texts.get(entry.hash)?.model;
  const same = own !== undefined && canonicalJson(own) === canonicalJson(chosen);
  return { version: entry, model: same ? null : chosen };
}

function sourceRelease(state: RegistryState, prompt: PromptState, environment: string | null | undefined) {
  if (environment === undefined || environment === null) return undefined;
  getEnvironment(state, environment);
  const live = liveOf(state, prompt.key, environment);
  if (live !== undefined) return live;
  throw new HarnessError(
    "version-unknown",
    `No version of ${prompt.key} is live in ${environment}: name one as ${prompt.key}@vN.`,
  );
}

function warningsOf(
  {
    key,
    version,
    model,
  }: { readonly key: string; readonly version: VersionEntry; readonly model?: ModelChoice },
  { breakGlass }: GatePass,
  passed: Pick<GateAnswer, "breakGlass" | "waived">,
): readonly string[] {
  const warnings: string[] = [];
  if (model !== undefined && isFloatingModel(model)) {
    warnings.push(
      `${key}@v${version.version} names the model ${model.id}, which its provider may point elsewhere any day: name a dated one.`,
    );
  }
  if (breakGlass !== undefined && breakGlass !== null && passed.breakGlass === null) {
    warnings.push("No exception was needed, so none was recorded.");
  }
  warnings.push(...passed.waived.map((words) => `${words}.`));
  return warnings;
}
