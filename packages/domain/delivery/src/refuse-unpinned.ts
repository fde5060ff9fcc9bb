/** Where an environment is protected, what is served must not change through the release of a partial. */
import { HarnessError, type PromptState, type RegistryState, type VersionEntry } from "@colophon/kernel";
import { fitOf, type Texts } from "./fit.ts";
import { protectedAmong } from "./pass-gate.ts";

export interface PinQuestion {
  readonly prompt: PromptState;
  readonly version: VersionEntry;
  readonly texts: Texts;
}

/** @throws HarnessError `prompt-invalid` where a partial has no version and one of the environments is protected. */
export function refuseUnpinned(
  state: RegistryState,
  environments: readonly string[],
  { prompt, version, texts }: PinQuestion,
): void {
  for (const { name } of protectedAmong(state, prompt, environments)) {
    const { unpinned } = fitOf(state, { prompt, hash: version.hash, environment: name, texts });
    if (unpinned.length === 0) continue;
    throw new HarnessError(
      "prompt-invalid",
      `${prompt.key}@v${version.version} includes ${unpinned.join(", ")} without a version, and ${name} is protected: write {{> ${unpinned[0]}@vN}} and register it anew.`,
      { details: { key: prompt.key, version: version.version, unpinned } },
    );
  }
}
