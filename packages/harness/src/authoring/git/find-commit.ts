/** Finds the git commit that a file stands at, when it is committed as it is. */
import { basename, dirname } from "node:path";
import { errorCodeOf } from "@colophon/kernel";
import { openRepository } from "./repository.ts";

/**
 * Null outside a repository, for a file that differs from its commit, or without git.
 *
 * @param path absolute.
 * @example
 * const commit = await findCommit(`${process.cwd()}/triage.yaml`);
 */
export async function findCommit(path: string): Promise<string | null> {
  try {
    const repository = await openRepository(dirname(path));
    if (repository === null) return null;
    const file = repository.prefix + basename(path);
    const last = await repository.lastCommit(file);
    if (last === null || (await repository.changedFiles([file])).length > 0) return null;
    return last.commit;
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return null;
  }
}
