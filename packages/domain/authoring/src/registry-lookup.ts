/** Finds prompts in the state, and says what was probably meant when there is none. */
import { HarnessError, type PromptState, type RegistryState, type VersionEntry } from "@colophon/kernel";
import { nearestName } from "./nearest.ts";

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
