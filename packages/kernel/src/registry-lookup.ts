/** Finds what a person names in the registry's state, and says what was probably meant when it is not there. */
import { HarnessError } from "./errors.ts";
import { nearestName } from "./nearest-name.ts";
import type { EnvironmentData } from "./records/registry-records.ts";
import {
  type CandidateEntry,
  type DeclarationEntry,
  declarationsIn,
  type PromptState,
  type RegistryState,
  type VersionEntry,
} from "./registry-state.ts";

/** @throws HarnessError `environment-unknown`, naming those that are there. */
export function getEnvironment(state: Pick<RegistryState, "environments">, name: string): EnvironmentData {
  const environment = state.environments.get(name);
  if (environment !== undefined) return environment;
  const meant = nearestName(name, state.environments.keys());
  const advice =
    meant === undefined
      ? `use one of ${[...state.environments.keys()].join(", ")}, or add it with \`colophon env add\`.`
      : `did you mean ${meant}?`;
  throw new HarnessError("environment-unknown", `There is no environment "${name}": ${advice}`, {
    details: { environment: name },
  });
}

/** @throws HarnessError `key-unknown`, naming the nearest key. */
export function getPrompt(state: RegistryState, key: string): PromptState {
  const prompt = state.prompts.get(key);
  if (prompt !== undefined) return prompt;
  const meant = nearestName(key, state.prompts.keys());
  throw new HarnessError(
    "key-unknown",
    meant === undefined
      ? `There is no prompt ${key}: \`colophon list\` shows those that are there.`
      : `There is no prompt ${key}: did you mean ${meant}?`,
    { details: { key } },
  );
}

/** What an application is called in sentences. */
export function applicationName(application: string | null): string {
  return application ?? "the application without a name";
}

/**
 * What one application declares of these prompts in an environment.
 *
 * @throws HarnessError `application-unknown` when it declares none, naming those that do.
 */
export function getDeclarations(
  prompts: readonly PromptState[],
  environment: string,
  application: string | null,
): readonly DeclarationEntry[] {
  const declared = prompts.flatMap((prompt) => declarationsIn(prompt, environment));
  const own = declared.filter((one) => one.application === application);
  if (own.length > 0) return own;
  const names = [...new Set(declared.map((one) => applicationName(one.application)))];
  const meant = nearestName(applicationName(application), names);
  const those = names.length === 0 ? "nobody does." : `those that do: ${names.join(", ")}.`;
  const what = prompts.length === 1 ? prompts[0]?.key : "a prompt";
  throw new HarnessError(
    "application-unknown",
    `${applicationName(application)} does not declare ${what} in ${environment}: ${meant === undefined ? those : `did you mean ${meant}?`}`,
    { details: { application, environment } },
  );
}

/** @throws HarnessError `version-unknown`, naming those that are there. */
export function getVersion(prompt: PromptState, version: number): VersionEntry {
  const entry = prompt.versions.get(version);
  if (entry !== undefined) return entry;
  const newest = Math.max(0, ...prompt.versions.keys());
  throw new HarnessError(
    "version-unknown",
    newest === 0
      ? `${prompt.key} has no versions yet: register one with \`colophon register\`.`
      : `${prompt.key} has no version v${version}: its newest is v${newest}.`,
    { details: { key: prompt.key, version } },
  );
}

/** The version, when it may still be served. @throws HarnessError `version-unknown`, `withdrawn`. */
export function getServable(prompt: PromptState, version: number): VersionEntry {
  const entry = getVersion(prompt, version);
  if (entry.withdrawn === null) return entry;
  throw new HarnessError(
    "withdrawn",
    `${prompt.key}@v${version} was withdrawn (${entry.withdrawn.reason}): register its text anew if it is to be served again, or take another version.`,
    { details: { key: prompt.key, version } },
  );
}

/** @throws HarnessError `version-unknown`, naming those that are there. */
export function getCandidate(prompt: PromptState, candidate: number): CandidateEntry {
  const entry = prompt.candidates.get(candidate);
  if (entry !== undefined) return entry;
  const newest = Math.max(0, ...prompt.candidates.keys());
  throw new HarnessError(
    "version-unknown",
    newest === 0
      ? `${prompt.key} has no candidates yet: add one with \`colophon candidate add\`.`
      : `${prompt.key} has no candidate c${candidate}: its newest is c${newest}.`,
    { details: { key: prompt.key, candidate } },
  );
}
