/** Says where a store's spools lie unless somebody says otherwise: beside it, and its own. */
import { basename, dirname, join } from "node:path";

/** Two stores in one folder must not share a spool: rows of one would be drained into the other. */
export function spoolDirOf(storeFile: string): string {
  return basename(storeFile) === "store.db" ? join(dirname(storeFile), "spool") : `${storeFile}-spool`;
}
