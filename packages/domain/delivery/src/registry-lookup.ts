/** Finds prompts and versions in the state, and says what was probably meant when there is none. */
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

/** What a person wrote to explain a change, without the space around it. @throws HarnessError `reason-missing`. */
export function writtenReason(reason: string | undefined, what: string): string {
  const written = reason?.trim() ?? "";
  if (written !== "") return written;
  throw new HarnessError("reason-missing", `${what} needs a written reason: add --reason TEXT.`);
}
