/** Lists the prompt files that were changed since a commit, of those that lie in the repository at hand. */
import { relative, resolve } from "node:path";
import { changedFiles } from "../git/changed-files.ts";

const ENDING = ".prompt";

/**
 * Files that differ from where the history at hand left that of `base`, and those that no commit has yet;
 * deleted ones are left out. Paths are relative to the folder.
 *
 * @throws HarnessError `usage` outside of a repository, for a base that is no commit, and for a clone that is too
 * shallow to say.
 * @example
 * for (const file of await changedPrompts(process.cwd(), "origin/main")) console.log(file);
 */
export async function changedPrompts(folder: string, base: string): Promise<readonly string[]> {
  const { repository, files } = await changedFiles(folder, base, ENDING);
  const paths = new Set(files.flatMap(({ path }) => (path?.endsWith(ENDING) ? [path] : [])));
  return Array.from(paths, (path) => relative(folder, resolve(repository.root, path))).toSorted();
}
