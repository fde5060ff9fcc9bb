/** Lists the spools of a folder, and says which of them belong to a process that lives. */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { lockSpool } from "./spool-lock.ts";

export interface SpoolFile {
  /** A UUIDv7, stamped when the spool was begun. */
  readonly id: string;
  readonly path: string;
  /** Zero when everything in it has reached the store. */
  readonly bytes: number;
  /** True while its owner, or somebody who is draining it, holds it. */
  readonly live: boolean;
}

const ENDING = ".spool";

export function spoolPath(spoolDir: string, id: string): string {
  return join(spoolDir, id + ENDING);
}

export function lockPath(spoolDir: string, id: string): string {
  return join(spoolDir, `${id}.lock`);
}

/** A folder that is not there, or cannot be read, has no spools. */
export function spoolIds(spoolDir: string): readonly string[] {
  try {
    const names = readdirSync(spoolDir).filter((name) => name.endsWith(ENDING));
    return names.map((name) => name.slice(0, -ENDING.length)).sort();
  } catch {
    return [];
  }
}

/** Oldest first. */
export function spoolFiles(spoolDir: string): readonly SpoolFile[] {
  return spoolIds(spoolDir).flatMap((id) => {
    const path = spoolPath(spoolDir, id);
    const live = isLive(lockPath(spoolDir, id));
    const bytes = statSync(path, { throwIfNoEntry: false })?.size;
    return bytes === undefined ? [] : [{ id, path, bytes, live }];
  });
}

/** What the spools of a folder take, but those named. */
export function spoolBytes(spoolDir: string, except: ReadonlySet<string | undefined>): number {
  const others = spoolIds(spoolDir).filter((id) => !except.has(id));
  const sizes = others.map((id) => statSync(spoolPath(spoolDir, id), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Removes a spool that is in the store. The lock goes last: who finds it without its spool knows that all is done. */
export function removeSpool(spoolDir: string, id: string, release: () => void): void {
  rmSync(spoolPath(spoolDir, id), { force: true });
  release();
  rmSync(lockPath(spoolDir, id), { force: true });
}

function isLive(lock: string): boolean {
  if (!existsSync(lock)) return false;
  try {
    const held = lockSpool(lock);
    held?.release();
    return held === undefined;
  } catch {
    return false;
  }
}
