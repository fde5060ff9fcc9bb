/** Makes a folder and what leads to it, for its owner alone. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Node's own recursive mkdir never returns on file systems that deny a folder as ENOENT (such as /proc). */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}
