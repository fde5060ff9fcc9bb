/** Writes imported prompts as prompt files and their cases as files of eval sets; what is there stays as it is. */
import { existsSync, readFileSync } from "node:fs";
import {
  keyOfPath,
  pathOfKey,
  printPromptFile,
  promptContent,
  readPromptFile,
  sameContent,
} from "@colophon/authoring";
import type { Imported, ImportedSet, ImportedVersion } from "@colophon/authoring/convert";
import { errorCodeOf } from "@colophon/kernel";
import { stringify } from "yaml";
import { nameOfFile, type PromptFolder, placeOfFile, writeWhole } from "../sync/prompt-folder.ts";
import type { Refusal, TakenPrompt, TakenSet } from "./import-report.ts";

export interface WriteImport {
  readonly folder: PromptFolder;
  readonly imported: Imported;
  /** Whether only to say what would be written. */
  readonly dryRun: boolean;
}

export interface WrittenImport {
  readonly prompts: readonly TakenPrompt[];
  readonly sets: readonly TakenSet[];
  readonly refused: readonly Refusal[];
}

/** The folder of eval sets, beside that of the prompts. */
const SETS = "evalsets";

/** @throws HarnessError `usage` where nothing can be written. */
export function writeImport({ folder, imported, dryRun }: WriteImport): WrittenImport {
  const prompts: TakenPrompt[] = [];
  const sets: TakenSet[] = [];
  const refused: Refusal[] = [];
  const taken = new Set<string>();
  for (const version of imported.versions) {
    const path = freePath(version.spec.key, taken);
    const file = nameOfFile(folder, path);
    const written = textOf(version, path);
    if (typeof written !== "string") {
      refused.push({ from: version.from, reason: written.reason });
      continue;
    }
    const state = place(
      { folder, path },
      { text: written, dryRun, isSame: (before) => isSamePrompt(before, { version, file, path }) },
    );
    if (typeof state !== "string") refused.push({ from: version.from, reason: state.reason });
    else if (state === "differs")
      refused.push({ from: version.from, reason: differs(file, version.spec.key) });
    else prompts.push({ ...takenOf(version), file, version: null, created: state === "new" });
  }
  for (const set of imported.sets) {
    const beside = { path: folder.parent, parent: folder.parent, cwd: folder.cwd };
    const path = `${SETS}/${fileName(set.name)}.yaml`;
    const file = nameOfFile(beside, path);
    const text = setText(set);
    const state = place({ folder: beside, path }, { text, dryRun, isSame: (before) => before === text });
    const { from, name, cases } = set;
    if (typeof state !== "string") refused.push({ from, reason: state.reason });
    else if (state === "differs") {
      refused.push({ from, reason: `${file} is there with other cases; move it away, and import again.` });
    } else sets.push({ from, name, cases: cases.length, file, version: null, created: state === "new" });
  }
  return { prompts, sets, refused };
}

/** What a report says of a version that was taken. */
export function takenOf({
  from,
  spec,
  number,
}: ImportedVersion): Pick<TakenPrompt, "from" | "key" | "number"> {
  return { from, key: spec.key, number };
}

/** The text of a file of an eval set. */
export function setText({ name, cases }: ImportedSet): string {
  return stringify({ format: 1, name, cases }, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Two keys may come to one path, on some systems also by letter case alone; the second's file says its name. */
function freePath(key: string, taken: Set<string>): string {
  const wanted = pathOfKey(key);
  let path = wanted;
  for (let count = 2; taken.has(path.toLowerCase()); count++) {
    path = wanted.replace(/\.prompt$/, `-${count}.prompt`);
  }
  taken.add(path.toLowerCase());
  return path;
}

function fileName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+/, "") || "set";
}

/** The file, or why there can be none. */
function textOf({ spec }: ImportedVersion, path: string): string | { readonly reason: string } {
  return reasonOr(() => {
    const text = printPromptFile(spec, { keyFromPath: keyOfPath(path) });
    readPromptFile(text, { name: path, key: keyOfPath(path) });
    return text;
  });
}

interface Placing {
  readonly text: string;
  readonly dryRun: boolean;
  readonly isSame: (before: string) => boolean;
}

/** Nothing is read or written through a link. */
function place(
  { folder, path }: { readonly folder: PromptFolder; readonly path: string },
  { text, dryRun, isSame }: Placing,
): "new" | "same" | "differs" | { readonly reason: string } {
  const there = reasonOr(() => placeOfFile(folder, path));
  if (typeof there !== "string") return there;
  if (existsSync(there)) return isSame(readFileSync(there, "utf8")) ? "same" : "differs";
  if (!dryRun) writeWhole(there, text);
  return "new";
}

/** What is asked for, or in words why it cannot be. */
function reasonOr(make: () => string): string | { readonly reason: string } {
  try {
    return make();
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return { reason: (error as Error).message };
  }
}

function isSamePrompt(
  before: string,
  {
    version,
    file,
    path,
  }: { readonly version: ImportedVersion; readonly file: string; readonly path: string },
): boolean {
  const { spec } = version;
  try {
    const there = readPromptFile(before, { name: file, key: keyOfPath(path) });
    const content = promptContent(spec.text, spec.metadata);
    return there.key === spec.key && sameContent(promptContent(there.text, there.metadata), content);
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return false;
  }
}

function differs(file: string, key: string): string {
  return `${file} is there with another text; import with --dir into another folder, and compare the two files of ${key}.`;
}
