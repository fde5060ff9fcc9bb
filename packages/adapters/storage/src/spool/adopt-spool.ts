/** Takes over a spool whose owner is gone. */
import { closeSync, openSync } from "node:fs";
import { lockPath, removeSpool, spoolPath } from "./spool-files.ts";
import { lockSpool } from "./spool-lock.ts";
import { SpoolReader } from "./spool-reader.ts";

export interface AdoptedSpool {
  readonly id: string;
  /** Reads on from an offset. */
  reader(offset: number): SpoolReader;
  /** Everything is in the store. */
  remove(): void;
  /** Leaves it for the next one. */
  leave(): void;
}

/** Undefined when its owner lives, or somebody was quicker. */
export function adoptSpool(spoolDir: string, id: string): AdoptedSpool | undefined {
  const lock = lockSpool(lockPath(spoolDir, id));
  if (lock === undefined) return undefined;
  let descriptor: number;
  try {
    descriptor = openSync(spoolPath(spoolDir, id), "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      lock.release();
      throw error;
    }
    removeSpool(spoolDir, id, lock.release);
    return undefined;
  }
  return {
    id,
    reader: (offset) => new SpoolReader(descriptor, offset),
    remove() {
      closeSync(descriptor);
      removeSpool(spoolDir, id, lock.release);
    },
    leave() {
      closeSync(descriptor);
      lock.release();
    },
  };
}
