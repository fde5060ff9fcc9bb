/** Finds the git commit that a file stands at, when it is committed as it is. */
import { spawnSync } from "node:child_process";
import { basename, dirname, resolve } from "node:path";

/** Null outside a repository, for a file that differs from its commit, or without git. */
export function findCommit(file: string, cwd: string): string | null {
  const path = resolve(cwd, file);
  const folder = dirname(path);
  const name = basename(path);
  const commit = git(folder, ["log", "-1", "--format=%H", "--", name]);
  if (commit === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) return null;
  return git(folder, ["status", "--porcelain", "--", name]) === "" ? commit : null;
}

function git(cwd: string, args: readonly string[]): string | undefined {
  const run = spawnSync("git", [...args], {
    cwd,
    encoding: "utf8",
    timeout: 5_000,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return run.status === 0 ? run.stdout.trim() : undefined;
}
