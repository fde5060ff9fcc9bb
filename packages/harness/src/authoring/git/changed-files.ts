/** Lists the files that differ from where the history at hand left that of a commit, with what they were then. */
import { HarnessError } from "@colophon/kernel";
import { openRepository, type Repository } from "./repository.ts";
import { askGit, runGit } from "./run-git.ts";

/** Paths are from the repository's root on. */
export interface ChangedFile {
  readonly change: "added" | "changed" | "renamed" | "deleted";
  /** Null for one that is gone. */
  readonly path: string | null;
  /** Null for one that was not there. */
  readonly was: string | null;
}

export interface ChangedFiles {
  readonly repository: Repository;
  /** The commit that both histories come from: what a pull request changes, it changes since then. */
  readonly base: string;
  /** By path, what no commit has yet among them. */
  readonly files: readonly ChangedFile[];
}

/**
 * @param ending of the files that are wanted, such as `.prompt`.
 * @throws HarnessError `usage` outside of a repository, for a base that is no commit, and for a clone that is too
 * shallow to say.
 */
export async function changedFiles(folder: string, base: string, ending: string): Promise<ChangedFiles> {
  const repository = await repositoryAt(folder);
  const { root } = repository;
  const commit = await commitOf(repository, base);
  const fork = await askGit(root, { args: ["merge-base", commit, "HEAD"] });
  if (!fork.ok) {
    if (await isShallow(root)) throw tooShallow(base);
    throw new HarnessError(
      "usage",
      `"${base}" and what is checked out have no commit in common: name the branch that this one came from.`,
    );
  }
  const since = lineOf(fork.out);
  const differing = await runGit(root, {
    args: ["diff", "--name-status", "-z", "--find-renames", "--no-ext-diff", since, "--"],
  });
  const untracked = await runGit(root, { args: ["ls-files", "--others", "--exclude-standard", "-z"] });
  const added = partsOf(untracked).map((path): ChangedFile => ({ change: "added", path, was: null }));
  const files = [...readStatus(partsOf(differing)), ...added]
    .filter(({ path, was }) => [path, was].some((one) => one?.endsWith(ending)))
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return { repository, base: since, files };
}

/**
 * A file as it stands in a commit; null where it is not in it.
 *
 * @param path from the repository's root on.
 */
export async function fileAt(repository: Repository, commit: string, path: string): Promise<Buffer | null> {
  const [file] = await repository.filesAt(commit, [path]);
  return file?.path === path ? file.bytes : null;
}

/** @throws HarnessError `usage` for a folder in no repository. */
export async function repositoryAt(folder: string): Promise<Repository> {
  const repository = await openRepository(folder);
  if (repository !== null) return repository;
  throw new HarnessError(
    "usage",
    `${folder} is in no git repository, so nothing says what has changed: run it in one.`,
  );
}

/** The id of a commit. @throws HarnessError `usage` for a name of none. */
export async function commitOf({ root }: Repository, name: string): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  const { ok, out } = await askGit(root, { args });
  if (ok) return lineOf(out);
  if (await isShallow(root)) throw tooShallow(name);
  throw new HarnessError(
    "usage",
    `"${name}" is no commit of this repository: fetch it first, such as with \`git fetch origin\`, or name another one.`,
  );
}

async function isShallow(root: string): Promise<boolean> {
  return lineOf(await runGit(root, { args: ["rev-parse", "--is-shallow-repository"] })) === "true";
}

function tooShallow(base: string): HarnessError {
  return new HarnessError(
    "usage",
    `This clone is too shallow to say what has changed since "${base}": check out with fetch-depth: 0, or run \`git fetch --unshallow origin\`.`,
  );
}

function nameOf({ path, was }: ChangedFile): string {
  return path ?? was ?? "";
}

/** A status, then one path, or two where a file was renamed. */
function readStatus(parts: readonly string[]): readonly ChangedFile[] {
  const files: ChangedFile[] = [];
  for (let at = 0; at < parts.length; ) {
    const status = parts[at]?.[0] ?? "";
    const [one = "", other = ""] = parts.slice(at + 1);
    const isPair = status === "R" || status === "C";
    at += isPair ? 3 : 2;
    if (status === "R") files.push({ change: "renamed", path: other, was: one });
    else if (status === "C") files.push({ change: "added", path: other, was: null });
    else if (status === "A") files.push({ change: "added", path: one, was: null });
    else if (status === "D") files.push({ change: "deleted", path: null, was: one });
    else files.push({ change: "changed", path: one, was: one });
  }
  return files;
}

function lineOf(out: Buffer): string {
  return out.toString("utf8").trim();
}

function partsOf(out: Buffer): readonly string[] {
  return out
    .toString("utf8")
    .split("\0")
    .filter((part) => part !== "");
}
