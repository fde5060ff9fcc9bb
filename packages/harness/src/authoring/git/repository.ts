/** A git repository as sync uses it: it looks, and it adds a branch; it never touches what is checked out. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HarnessError } from "@colophon/kernel";
import { askGit, gitSentence, runGit } from "./run-git.ts";

/** The commit that last touched a file. */
export interface FileCommit {
  readonly commit: string;
  /** E-mail address. */
  readonly author: string;
  /** The first line of its message. */
  readonly subject: string;
  /** Whether the clone ends here, so that it may have been an earlier one. */
  readonly isEndOfClone: boolean;
}

export interface FileAuthors {
  readonly authors: readonly string[];
  /** Whether the clone ends within that time, so that there may have been more. */
  readonly isEndOfClone: boolean;
}

export interface CommittedFile {
  /** From the repository's root on. */
  readonly path: string;
  readonly bytes: Buffer;
}

export interface BranchCommit {
  readonly parent: string;
  /** New contents by path from the root on. */
  readonly files: ReadonlyMap<string, string>;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const PLAIN_FILE = "100644";
const FOLDER = "040000";
const KINDS: Readonly<Record<string, string>> = {
  [FOLDER]: "a folder",
  "120000": "a link",
  "160000": "a submodule",
};

export class Repository {
  /** Its working tree. */
  readonly root: string;
  /** The path of the folder that it was opened at, from the root on: empty, or with a slash at its end. */
  readonly prefix: string;

  constructor(root: string, prefix: string) {
    this.root = root;
    this.prefix = prefix;
  }

  /** Null before the first commit. */
  async head(): Promise<string | null> {
    const { ok, out } = await askGit(this.root, {
      args: ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"],
    });
    return ok ? lineOf(out) : null;
  }

  /** Of these paths, files and folders, the files that differ from the last commit or are in none. */
  async changedFiles(paths: readonly string[]): Promise<readonly string[]> {
    const args = ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", ...paths];
    return partsOf(await runGit(this.root, { args })).map((entry) => entry.slice(3));
  }

  /** Null for a file that is in no commit. */
  async lastCommit(path: string): Promise<FileCommit | null> {
    const format = "--format=%H%x00%P%x00%ae%x00%s";
    const args = ["log", "-1", "--no-show-signature", "--no-color", format, "--", path];
    const { ok, out } = await askGit(this.root, { args });
    const [commit = "", parents = "", author = "", subject = ""] = lineOf(out).split("\0");
    if (!ok || commit === "") return null;
    // A whole repository has one commit without parents, a shallow clone has one wherever it was cut.
    return { commit, author, subject, isEndOfClone: parents === "" && (await this.#isShallow()) };
  }

  /**
   * Who wrote on a file since a commit, authors and those whom messages name as such (`Co-authored-by`), by e-mail address
   * in small letters. Under its earlier names too, as far as git follows them.
   *
   * @param since null, or a commit that the clone does not have, for all of its history.
   */
  async authorsSince(path: string, since: string | null): Promise<FileAuthors> {
    const isThere = since !== null && (await this.#hasCommit(since));
    const range = isThere ? [`${since}..HEAD`] : [];
    const format = "--format=%P%x00%ae%x00%B%x00";
    const authors = new Set<string>();
    let ends = false;
    // Following alone would overlook a branch that was merged from before the file had its name.
    for (const follow of [[], ["--follow"]]) {
      const args = ["log", ...follow, "--no-show-signature", "--no-color", format, ...range, "--", path];
      const { ok, out } = await askGit(this.root, { args });
      const fields = ok ? out.toString("utf8").split("\0") : [];
      for (let at = 0; at + 2 < fields.length; at += 3) {
        const [parents = "", author = "", message = ""] = fields.slice(at, at + 3);
        ends ||= parents.trim() === "";
        for (const one of [author, ...namedAuthors(message)]) authors.add(one.trim().toLowerCase());
      }
    }
    authors.delete("");
    return { authors: [...authors], isEndOfClone: ends && (await this.#isShallow()) };
  }

  async #hasCommit(commit: string): Promise<boolean> {
    if (!/^[0-9a-f]{40,64}$/.test(commit)) return false;
    return (await askGit(this.root, { args: ["cat-file", "-e", `${commit}^{commit}`] })).ok;
  }

  async #isShallow(): Promise<boolean> {
    return lineOf(await runGit(this.root, { args: ["rev-parse", "--is-shallow-repository"] })) === "true";
  }

  /** Everything at or below these paths, as it stands in a commit; links are left out. */
  async filesAt(commit: string, paths: readonly string[]): Promise<readonly CommittedFile[]> {
    const entries = (await this.#entriesAt(commit, paths)).filter(({ mode }) => mode.startsWith("100"));
    const input = entries.map(({ id }) => `${id}\n`).join("");
    const out = await runGit(this.root, { args: ["cat-file", "--batch"], input });
    let at = 0;
    return entries.map(({ path }) => {
      const headEnd = out.indexOf("\n", at);
      const size = Number(out.toString("utf8", at, headEnd).split(" ")[2]);
      const bytes = out.subarray(headEnd + 1, headEnd + 1 + size);
      at = headEnd + 1 + size + 1;
      return { path, bytes };
    });
  }

  /** Folders too. */
  async #entriesAt(commit: string, paths: readonly string[]) {
    if (paths.length === 0) return [];
    const args = ["ls-tree", "-r", "-t", "-z", "--full-tree", commit, "--", ...paths];
    return partsOf(await runGit(this.root, { args })).map((entry) => {
      const end = entry.indexOf("\t");
      const [mode = PLAIN_FILE, , id = ""] = entry.slice(0, end).split(" ");
      return { path: entry.slice(end + 1), mode, id };
    });
  }

  /**
   * What is at these paths already, and above them.
   *
   * @throws HarnessError `usage` where git would take something else away to make room for a file.
   */
  async #modesAt(commit: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const within = (path: string): readonly string[] => path.slice(this.prefix.length).split("/");
    // A command line has no room for all of them.
    const tops = new Set(paths.map((path) => `${this.prefix}${within(path)[0]}`));
    const entries = await this.#entriesAt(commit, [...tops]);
    const modes = new Map(entries.map(({ path, mode }) => [path, mode]));
    for (const path of paths) {
      const steps = within(path);
      for (const count of steps.keys()) {
        const at = this.prefix + steps.slice(0, count + 1).join("/");
        const mode = modes.get(at);
        const isRoom = at === path ? mode?.startsWith("100") : mode === FOLDER;
        if (mode === undefined || isRoom === true) continue;
        throw new HarnessError(
          "usage",
          `${path} cannot be committed, since ${at} is ${KINDS[mode] ?? "a file"} in the last commit: move that elsewhere, or name another folder with --dir.`,
        );
      }
    }
    return modes;
  }

  /** The tree of a commit with other contents in it. */
  async #writeTree({ parent, files }: BranchCommit): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "colophon-index-"));
    const env = { GIT_INDEX_FILE: join(folder, "index") };
    try {
      await runGit(this.root, { args: ["read-tree", parent], env });
      const modes = await this.#modesAt(parent, [...files.keys()]);
      const lines: string[] = [];
      for (const [path, content] of files) {
        const id = lineOf(
          await runGit(this.root, { args: ["hash-object", "-w", "--stdin"], input: content }),
        );
        lines.push(`${modes.get(path) ?? PLAIN_FILE} ${id}\t${path}\0`);
      }
      await runGit(this.root, { args: ["update-index", "-z", "--index-info"], input: lines.join(""), env });
      return lineOf(await runGit(this.root, { args: ["write-tree"], env }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /**
   * Puts one commit on a new branch; the branch that is checked out, its files and its index stay as they are.
   *
   * @param nameOf says what the branch is called, given the id of its tree.
   * @returns `created` false where a branch of this name has just these files on just this commit already.
   * @throws HarnessError `usage` for a name that git does not take, or that has something else.
   */
  async commitOnBranch(
    commit: BranchCommit,
    nameOf: (tree: string) => string,
  ): Promise<{ readonly branch: string; readonly commit: string; readonly created: boolean }> {
    const tree = await this.#writeTree(commit);
    const branch = nameOf(tree);
    const named = await askGit(this.root, { args: ["check-ref-format", "--branch", branch] });
    if (!named.ok || lineOf(named.out) !== branch) {
      throw new HarnessError("usage", `"${branch}" is no name of a branch: name another one with --branch.`);
    }
    const there = await this.#commitOf(branch);
    if (there !== null) {
      const facts = await runGit(this.root, {
        args: ["log", "-1", "--no-show-signature", "--format=%T %P", there],
      });
      if (lineOf(facts) === `${tree} ${commit.parent}`) return { branch, commit: there, created: false };
      throw new HarnessError(
        "usage",
        `There is a branch ${branch} with something else already: merge or delete it, or name another one with --branch.`,
      );
    }
    const date = `${Math.floor(commit.at / 1_000)} +0000`;
    const made = await askGit(this.root, {
      args: ["commit-tree", tree, "-p", commit.parent, "-F", "-"],
      input: commit.message,
      env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    });
    if (!made.ok) {
      throw new HarnessError(
        "usage",
        `git cannot commit: ${gitSentence(made.err)} Set user.name and user.email with git config.`,
      );
    }
    const id = lineOf(made.out);
    const none = "0".repeat(id.length);
    const put = await askGit(this.root, { args: ["update-ref", `refs/heads/${branch}`, id, none] });
    if (put.ok) return { branch, commit: id, created: true };
    throw new HarnessError(
      "usage",
      `git cannot make the branch ${branch}: ${gitSentence(put.err)} Name another one with --branch.`,
    );
  }

  async #commitOf(branch: string): Promise<string | null> {
    const args = ["rev-parse", "--verify", "--quiet", `refs/heads/${branch}^{commit}`];
    const { ok, out } = await askGit(this.root, { args });
    return ok ? lineOf(out) : null;
  }
}

/**
 * The repository that a folder lies in; null for a folder in none, or one that is not there.
 *
 * @throws HarnessError `usage` without git, or where git does not let anybody in.
 */
export async function openRepository(folder: string): Promise<Repository | null> {
  // A process that is started in a folder that is not there fails as if git were not.
  if (!existsSync(folder)) return null;
  const { ok, out, err } = await askGit(folder, { args: ["rev-parse", "--show-toplevel", "--show-prefix"] });
  if (ok) {
    const [root = "", prefix = ""] = out.toString("utf8").split("\n");
    return new Repository(root, prefix);
  }
  if (err.includes("not a git repository")) return null;
  throw new HarnessError("usage", `git cannot be used in ${folder}: ${gitSentence(err)}`);
}

/**
 * Wherever in a message: what was squashed has trailers in the midst of it. Written by hand, the address may stand
 * without its brackets.
 */
function namedAuthors(message: string): readonly string[] {
  return [...message.matchAll(/^[ \t]*co-authored-by[ \t]*:(.*)$/gim)].flatMap(([, person = ""]) => {
    const [, address = ""] =
      /<\s*([^<>\s]+)/.exec(person) ?? /([^\s<>"(),;]+@[^\s<>"(),;]+)/.exec(person) ?? [];
    return address === "" ? [] : [address];
  });
}

/** Without the line end that git puts behind everything. */
function lineOf(out: Buffer): string {
  return out.toString("utf8").replace(/\n$/, "");
}

/** What git ends with a NUL each. */
function partsOf(out: Buffer): readonly string[] {
  return out
    .toString("utf8")
    .split("\0")
    .filter((part) => part !== "");
}
