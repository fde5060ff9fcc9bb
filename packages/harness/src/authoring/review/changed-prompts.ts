/** Lists the prompt files that were changed since a commit, of those that lie in the repository at hand. */
import { relative, resolve } from "node:path";
import { HarnessError } from "@colophon/kernel";
import { openRepository } from "../git/repository.ts";
import { askGit, runGit } from "../git/run-git.ts";

/**
 * Files that differ from where the history at hand left that of `base`, and those that no commit has yet;
 * deleted ones are left out. Paths are relative to the folder.
 *
 * @throws HarnessError `usage` outside of a repository, or for a base that is no commit.
 * @example
 * for (const file of await changedPrompts(process.cwd(), "origin/main")) console.log(file);
 */
export async function changedPrompts(folder: string, base: string): Promise<readonly string[]> {
  const repository = await openRepository(folder);
  if (repository === null) {
    throw new HarnessError(
      "usage",
      `${folder} is in no git repository, so nothing differs from ${base}: name the files.`,
    );
  }
  const { root } = repository;
  const commit = await commitOf(root, base);
  const fork = await askGit(root, { args: ["merge-base", commit, "HEAD"] });
  const since = fork.ok ? lineOf(fork.out) : commit;
  const differing = await runGit(root, {
    args: ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--diff-filter=d", since, "--"],
  });
  const untracked = await runGit(root, {
    args: ["ls-files", "--others", "--exclude-standard", "-z", "--", "."],
  });
  const paths = [...new Set([...pathsIn(differing), ...pathsIn(untracked)])];
  return paths
    .filter((path) => path.endsWith(".prompt"))
    .map((path) => relative(folder, resolve(root, path)))
    .toSorted();
}

async function commitOf(root: string, base: string): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${base}^{commit}`];
  const { ok, out } = await askGit(root, { args });
  if (ok) return lineOf(out);
  throw new HarnessError(
    "usage",
    `"${base}" is no commit of this repository: fetch it first, or name another one.`,
  );
}

function lineOf(out: Buffer): string {
  return out.toString("utf8").trim();
}

function pathsIn(out: Buffer): readonly string[] {
  return out
    .toString("utf8")
    .split("\0")
    .filter((path) => path !== "");
}
