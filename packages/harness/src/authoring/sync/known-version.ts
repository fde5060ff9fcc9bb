/** A version as sync tells of it. */
import type { KnownVersion } from "@colophon/authoring";
import type { PromptState, VersionEntry } from "@colophon/kernel";

export function knownVersion(entry: VersionEntry): KnownVersion {
  const { version, hash, at, author, message, source, commit, withdrawn } = entry;
  return {
    ...{ version, hash, at: iso(at), author, message, source, commit },
    withdrawn:
      withdrawn === null ? null : { at: iso(withdrawn.at), by: withdrawn.by.id, reason: withdrawn.reason },
  };
}

/** The newest version that is not withdrawn. */
export function headOf(prompt: PromptState): VersionEntry | undefined {
  return [...prompt.versions.values()].findLast((entry) => entry.withdrawn === null);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
