/** Reads the prompt files that a branch changes, as they are and as they were. */
import { lstatSync, readFileSync } from "node:fs";
import { join, posix, relative, resolve, sep } from "node:path";
import { errorCodeOf, HarnessError } from "@colophon/kernel";
import { changedFiles, commitOf, fileAt, repositoryAt } from "../git/changed-files.ts";
import type { Repository } from "../git/repository.ts";
import { keyInPrompts, promptFileValue } from "../prompt-file-value.ts";

/** What a file says of a prompt. */
export interface PromptSource {
  /** Its name, for people. */
  readonly file: string;
  /** What it says, parsed. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly source: string;
}

export interface ChangedPrompt {
  readonly key: string;
  readonly change: "added" | "changed" | "renamed" | "deleted";
  /** As it is, else as it was: as people know it from where they are. */
  readonly file: string;
  readonly before: PromptSource | null;
  readonly after: PromptSource | null;
  /** Why the file cannot be read as it is; null where it can, or is gone. */
  readonly problem: string | null;
  readonly notes: readonly string[];
}

export interface PromptChanges {
  /** The commit that is compared with. */
  readonly base: string;
  /** The folder from the repository's root on: empty, or with a slash at its end. */
  readonly prefix: string;
  /** In the order of their files. */
  readonly prompts: readonly ChangedPrompt[];
}

const ENDING = ".prompt";

/**
 * What differs from where the history at hand left that of `base`. A file that is about another prompt by now is
 * one that is deleted and one that is added.
 *
 * @throws HarnessError `usage` outside of a repository, for a base that is no commit, and for a clone that is too
 * shallow to say.
 * @example
 * const { prompts } = await promptChanges(process.cwd(), "origin/main");
 * for (const { key, change } of prompts) console.log(key, change);
 */
export async function promptChanges(folder: string, base: string): Promise<PromptChanges> {
  const { repository, base: commit, files } = await changedFiles(folder, base, ENDING);
  const prompts: ChangedPrompt[] = [];
  for (const { change, path, was } of files) {
    const isNow = path?.endsWith(ENDING) === true;
    const wasBefore = was?.endsWith(ENDING) === true;
    const now = isNow ? readNow(repository, path, folder) : null;
    const earlier = wasBefore ? await readThen(repository, { commit, base, path: was, folder }) : null;
    const whole = { now, earlier, change };
    if (now !== null && earlier !== null && now.key !== earlier.key) {
      prompts.push(changedPrompt({ ...whole, now: null }), changedPrompt({ ...whole, earlier: null }));
    } else if (now !== null || earlier !== null) prompts.push(changedPrompt(whole));
  }
  return { base: commit, prefix: repository.prefix, prompts };
}

/**
 * A file as it stands in a commit; null where it is not in it.
 *
 * @throws HarnessError `usage` outside of a repository or for a name of no commit.
 * @example
 * const bytes = await fileAtCommit(process.cwd(), { file: "prompts/support/triage.prompt", commit: "HEAD" });
 */
export async function fileAtCommit(
  folder: string,
  { file, commit }: { readonly file: string; readonly commit: string },
): Promise<Uint8Array | null> {
  const repository = await repositoryAt(folder);
  const below = relative(folder, resolve(folder, file)).split(sep).join("/");
  const path = posix.normalize(repository.prefix + below);
  return fileAt(repository, await commitOf(repository, commit), path);
}

interface ReadPrompt {
  readonly key: string;
  readonly file: string;
  readonly found: PromptSource | null;
  readonly problem: string | null;
}

function changedPrompt({
  now,
  earlier,
  change,
}: {
  readonly now: ReadPrompt | null;
  readonly earlier: ReadPrompt | null;
  readonly change: ChangedPrompt["change"];
}): ChangedPrompt {
  const some = now ?? earlier;
  const old = earlier?.problem ?? null;
  return {
    key: some?.key ?? "",
    change: now === null ? "deleted" : earlier === null ? "added" : change,
    file: some?.file ?? "",
    before: earlier?.found ?? null,
    after: now?.found ?? null,
    problem: now?.problem ?? null,
    notes: old === null ? [] : [`What the file was before cannot be read: ${old}`],
  };
}

function readNow({ root }: Repository, path: string, folder: string): ReadPrompt {
  const file = relative(folder, join(root, path)).split(sep).join("/");
  return readAs({ path, file }, () => {
    const whole = join(root, path);
    // A branch of anybody's could point anywhere.
    if (!lstatSync(whole).isSymbolicLink()) return readFileSync(whole);
    throw new HarnessError(
      "input-malformed",
      `${file} is a link to another file: put the prompt itself there.`,
    );
  });
}

interface FileThen {
  readonly commit: string;
  /** What people call the commit. */
  readonly base: string;
  readonly path: string;
  readonly folder: string;
}

async function readThen(
  repository: Repository,
  { commit, base, path, folder }: FileThen,
): Promise<ReadPrompt | null> {
  const bytes = await fileAt(repository, commit, path);
  if (bytes === null) return null;
  const file = relative(folder, join(repository.root, path)).split(sep).join("/");
  const read = readAs({ path, file: `${file} at ${base}` }, () => bytes);
  return { ...read, file };
}

function readAs(
  { path, file }: { readonly path: string; readonly file: string },
  bytes: () => Uint8Array,
): ReadPrompt {
  try {
    const { key, value, source } = parsed(bytes(), { path, name: file });
    return { key, file, found: { file, value, source }, problem: null };
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return { key: keyInPrompts(path) ?? path, file, found: null, problem: (error as Error).message };
  }
}

function parsed(bytes: Uint8Array, { path, name }: { readonly path: string; readonly name: string }) {
  const value = promptFileValue({ source: bytes, file: name, key: keyInPrompts(path) });
  return { key: String(value.key), value, source: new TextDecoder().decode(bytes) };
}
