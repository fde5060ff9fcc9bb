/** Lets one process at a time work on a journal. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { HarnessError } from "@colophon/kernel";

/** Files whose lock this process has: in containers a process often has the number of its dead predecessor. */
const HELD = new Set<string>();

/**
 * Takes the lock; one that a dead process left is taken over.
 *
 * @returns the way to let it go.
 * @throws HarnessError `store-busy` while another process has it.
 */
export function lockRun(file: string): () => void {
  for (let tries = 0; ; tries++) {
    try {
      const descriptor = openSync(file, "wx");
      writeSync(descriptor, String(process.pid));
      closeSync(descriptor);
      HELD.add(file);
      return () => {
        HELD.delete(file);
        rmSync(file, { force: true });
      };
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      const holder = code === "EEXIST" ? holderOf(file) : null;
      if (code !== "EEXIST" || tries > 2 || (holder !== null && holds(holder, file))) {
        const who = holder === null ? "another process" : `process ${holder}`;
        throw new HarnessError(
          "store-busy",
          `This run is under way in ${who}; wait for it, or remove ${file} if it is gone.`,
          { cause },
        );
      }
      rmSync(file, { force: true });
    }
  }
}

function holderOf(file: string): number | null {
  try {
    const holder = Number(readFileSync(file, "utf8"));
    return Number.isSafeInteger(holder) && holder > 0 ? holder : null;
  } catch {
    return null;
  }
}

function holds(pid: number, file: string): boolean {
  return pid === process.pid ? HELD.has(file) : isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
