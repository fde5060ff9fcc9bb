/** The release log of a prompt: what was served where, from when until when, and why. */

import type { EpochMs, Lane, RegistryState, ReleaseEntry } from "@colophon/kernel";
import { getPrompt } from "@colophon/kernel";

export interface ReleaseLogEntry extends ReleaseEntry {
  readonly action: "release" | "rollback" | "emptied";
  /** When the next entry of that lane followed; null while it lasts. */
  readonly until: EpochMs | null;
}

export interface ReleaseLogFilter {
  readonly environment?: string;
  readonly lane?: Lane;
}

/**
 * Newest first.
 *
 * @throws HarnessError `key-unknown`.
 */
export function releaseLog(
  state: RegistryState,
  key: string,
  filter: ReleaseLogFilter = {},
): readonly ReleaseLogEntry[] {
  const followed = new Map<string, EpochMs>();
  const log: ReleaseLogEntry[] = [];
  for (const release of getPrompt(state, key).releases.toReversed()) {
    const lane = `${release.environment} ${release.lane}`;
    log.push({ ...release, action: actionOf(release), until: followed.get(lane) ?? null });
    followed.set(lane, release.at);
  }
  return log.filter(
    (entry) =>
      (filter.environment === undefined || entry.environment === filter.environment) &&
      (filter.lane === undefined || entry.lane === filter.lane),
  );
}

function actionOf({ version, rollbackFrom }: ReleaseEntry): ReleaseLogEntry["action"] {
  if (version === null) return "emptied";
  return rollbackFrom === null ? "release" : "rollback";
}
