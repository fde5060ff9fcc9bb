/** The version log of a prompt: each version with the releases it had. */

import type { EpochMs, Lane, PromptState, RegistryState, ReleaseEntry, VersionEntry } from "@colophon/kernel";
import { getPrompt } from "@colophon/kernel";

/** A time in which a version was served by a lane. */
export interface VersionRelease {
  readonly environment: string;
  readonly lane: Lane;
  readonly from: EpochMs;
  /** When the next release of that lane followed; null while it lasts. */
  readonly until: EpochMs | null;
  readonly by: string;
  readonly reason: string;
  /** The version that a rollback left for this one. */
  readonly rollbackFrom: number | null;
  readonly breakGlass: string | null;
  readonly evidence: readonly string[];
}

export interface VersionLogEntry extends Readonly<Omit<VersionEntry, "withdrawn">> {
  readonly withdrawn: VersionEntry["withdrawn"];
  /** Oldest first. */
  readonly releases: readonly VersionRelease[];
}

/**
 * Newest version first.
 *
 * @throws HarnessError `key-unknown`.
 */
export function listVersions(state: RegistryState, key: string): readonly VersionLogEntry[] {
  const prompt = getPrompt(state, key);
  return [...prompt.versions.values()]
    .sort((a, b) => b.version - a.version)
    .map((entry) => ({ ...entry, releases: releasesOf(prompt, entry.version) }));
}

function releasesOf(prompt: PromptState, version: number): readonly VersionRelease[] {
  return prompt.releases.flatMap((release, index) => {
    if (release.version !== version) return [];
    const { environment, lane, at, by, reason, rollbackFrom, breakGlass, evidence } = release;
    const until = followerOf(prompt, index)?.at ?? null;
    return [{ environment, lane, from: at, until, by: by.id, reason, rollbackFrom, breakGlass, evidence }];
  });
}

function followerOf({ releases }: PromptState, index: number): ReleaseEntry | undefined {
  const release = releases[index];
  return releases.find(
    (other, position) =>
      position > index && other.environment === release?.environment && other.lane === release.lane,
  );
}
