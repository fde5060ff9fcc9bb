/** Says whether the lock and the prompt files stand to the registry as a push would have them. */
import type { SyncState } from "@colophon/authoring";
import { errorCodeOf } from "@colophon/kernel";
import type { House } from "../../house.ts";
import { folderStatus, type SyncStatus } from "../sync/folder-status.ts";
import { folderContent, type PromptFolder, readFolder } from "../sync/prompt-folder.ts";
import type { BranchCheck } from "./branch-report.ts";

const NAME = "colophon.lock";

/** What a push would refuse; whatever else differs is what pull requests are for. */
const REFUSED: Partial<Readonly<Record<SyncState, string>>> = {
  "changed-both": "the file and the registry have both changed since the version in the lock: colophon pull",
  "no-ancestor":
    "the file and the registry differ, and the lock does not say what the file was made from: colophon pull",
  "other-registry": "the lock names a version that this registry does not have: look at --store",
};

/** One check that has passed where there is nothing to say. */
export async function checkLock(
  house: House | null,
  { folder, environment }: { readonly folder: PromptFolder; readonly environment: string },
): Promise<readonly BranchCheck[]> {
  try {
    const { lock, files } = readFolder(folder, folderContent(folder));
    if (files.length === 0 && lock.size === 0) return [];
    if (house === null) {
      return [{ name: NAME, state: "unknown", message: "There is no store to hold colophon.lock against." }];
    }
    const rows = await folderStatus(house, { folder, environment, keys: [] });
    const refused = rows.flatMap(lockTrouble);
    if (refused.length > 0) return refused;
    return [{ name: NAME, state: "passed", message: `${lock.size} prompts are as a push left them.` }];
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined) throw error;
    const isUnknown = code.startsWith("store-") || code === "not-allowed" || code === "environment-unknown";
    return [{ name: NAME, state: isUnknown ? "unknown" : "failed", message: (error as Error).message }];
  }
}

function lockTrouble({ key, state }: SyncStatus): readonly BranchCheck[] {
  const why = state === "unreadable" ? undefined : REFUSED[state];
  if (why === undefined) return [];
  return [{ name: `${NAME}: ${key}`, state: "failed", message: `${key}: ${why}.` }];
}
