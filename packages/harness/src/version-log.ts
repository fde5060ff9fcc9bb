/** The log of a prompt: each version with who made it, where it was released, why, and on what evidence. */
import { listVersions, type VersionRelease } from "@colophon/authoring";
import type { Harness } from "./harness.ts";

export interface LoggedRelease extends Omit<VersionRelease, "from" | "until"> {
  readonly from: string;
  readonly until: string | null;
}

export interface LoggedVersion {
  readonly key: string;
  readonly version: number;
  readonly hash: string;
  readonly bodyHash: string;
  readonly at: string;
  readonly author: string;
  /** Others who wrote on it since the version before. */
  readonly coAuthors: readonly string[];
  readonly message: string | null;
  readonly parent: number | null;
  readonly source: string;
  readonly commit: string | null;
  readonly revision: number;
  readonly withdrawn: { readonly at: string; readonly by: string; readonly reason: string } | null;
  /** Oldest first. */
  readonly releases: readonly LoggedRelease[];
}

/**
 * Newest version first.
 *
 * @throws HarnessError `key-unknown`.
 * @example
 * for (const { version, author, releases } of await versionLog(harness, "support.triage")) {
 *   console.log(version, author, releases.length);
 * }
 */
export async function versionLog(harness: Harness, key: string): Promise<readonly LoggedVersion[]> {
  return listVersions(await harness.records.state(), key).map(
    ({ by: _, at, withdrawn, releases, coAuthors = [], ...version }) => ({
      ...version,
      coAuthors,
      at: iso(at),
      withdrawn:
        withdrawn === null ? null : { at: iso(withdrawn.at), by: withdrawn.by.id, reason: withdrawn.reason },
      releases: releases.map(({ from, until, ...release }) => ({
        ...release,
        from: iso(from),
        until: until === null ? null : iso(until),
      })),
    }),
  );
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
