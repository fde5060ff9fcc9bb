/** The lock of the last commit, with what pushes have noted since and nobody has committed yet. */
import { factsHash, LOCK_FILE, pinnedHash, readLock, type SyncLock } from "@colophon/authoring";
import type { ReadFolder } from "./prompt-folder.ts";

/**
 * Only for files that are, in the last commit, just what was noted: without it, a version made from such a file
 * would count as somebody else's change.
 *
 * @param here the lock as it lies there; null without one.
 * @throws HarnessError `input-malformed` for one that cannot be read.
 */
export function lockAhead({ files, lock }: ReadFolder, here: string | null): SyncLock {
  if (here === null) return lock;
  const noted = readLock(here, LOCK_FILE);
  const pins = new Map(Array.from(noted, ([key, { version, hash }]) => [`${key}@v${version}`, hash]));
  const ahead = new Map(lock);
  for (const { spec, content } of files) {
    const entry = noted.get(spec.key);
    const isNoted =
      entry !== undefined &&
      entry.hash === pinnedHash(content.text, pins) &&
      entry.metadata === factsHash(content.facts);
    if (!isNoted) continue;
    const { version = 0, seen = version } = lock.get(spec.key) ?? {};
    if ((entry.seen ?? entry.version) >= seen) ahead.set(spec.key, entry);
  }
  return ahead;
}
