/** Names of spool files: whose they are, so that the next process knows which ones a dead one left behind. */
import { readdirSync, renameSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { threadId } from "node:worker_threads";

/** Where a store's spools lie unless somebody says otherwise: beside it. */
export function spoolDirOf(storeFile: string): string {
  return join(dirname(storeFile), "spool");
}

const HOST = hostname().replaceAll(/[^A-Za-z0-9.]/g, "_") || "host";
/** An owner that cannot be asked (another machine, another thread) touches its file much more often. */
const OWNER_SILENCE_MS = 60_000;

/** `host-pid.thread-id.spool`. */
export function spoolName(id: string): string {
  return `${HOST}-${process.pid}.${threadId}-${id}.spool`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** True when nobody owns this file any more. Files of this very thread are told apart by the caller. */
function isLeft(folder: string, name: string): boolean {
  const [, host, pid, thread] = /^(.+?)-(\d+)\.(\d+)-.+\.spool$/.exec(name) ?? [];
  if (host === undefined || pid === undefined) return false;
  if (host === HOST) {
    if (!isAlive(Number(pid))) return true;
    // A container's process id comes round again: what bears ours and is not ours was our former self's.
    if (Number(pid) !== process.pid) return false;
    if (Number(thread) === threadId) return true;
  }
  const touched = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs;
  return touched !== undefined && Date.now() - touched > OWNER_SILENCE_MS;
}

/** Spool files in a folder, by name. */
export function listSpools(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".spool"));
  } catch {
    return [];
  }
}

/** Names in use by this process; a process id that comes round again is not mistaken for its former self. */
const OWN = new Set<string>();

export function claimName(name: string): void {
  OWN.add(name);
}

export function releaseName(name: string): void {
  OWN.delete(name);
}

/**
 * Takes over the spools that dead processes left: renaming is atomic, so of several heirs one wins.
 *
 * @returns the paths that are ours now.
 */
export function adoptSpools(folder: string, nextId: () => string): readonly string[] {
  const adopted: string[] = [];
  for (const name of listSpools(folder)) {
    if (OWN.has(name) || !isLeft(folder, name)) continue;
    const mine = spoolName(nextId());
    try {
      renameSync(join(folder, name), join(folder, mine));
      claimName(mine);
      adopted.push(join(folder, mine));
    } catch {
      // Another process was quicker, or the folder cannot be written: not ours then.
    }
  }
  return adopted;
}
