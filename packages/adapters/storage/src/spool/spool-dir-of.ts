/** Says where a store's spools lie unless somebody says otherwise: beside it. */
import { dirname, join } from "node:path";

export function spoolDirOf(storeFile: string): string {
  return join(dirname(storeFile), "spool");
}
