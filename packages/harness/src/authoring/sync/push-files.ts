/** Makes versions of what files say, as `colophon push` reads them: all of them, or none. */
import {
  decidePush,
  type PushedFiles,
  type PushProblem,
  type PushedFile as ReadFile,
  readPromptSpec,
} from "@colophon/authoring";
import { canonicalJson, errorCodeOf } from "@colophon/kernel";
import { boundFile, boundText, checkContracts } from "../../bounds/bound-text.ts";
import { changeRegistry, previewChange } from "../../change-registry.ts";
import type { Harness } from "../../harness.ts";

/** A file's content with its provenance. */
export interface FileToPush
  extends Pick<ReadFile, "file" | "after" | "facts" | "commit" | "author" | "coAuthors" | "message"> {
  /** The parsed file, as `version.register` takes it. */
  readonly value: unknown;
}

export interface PushFiles {
  /** What others include as a partial goes before them. */
  readonly files: readonly FileToPush[];
  /** Whether only to say what would become of them. */
  readonly check: boolean;
}

/** With `moved` (prompts with a newer version or other facts than the file was held against) or `problems`, nothing is written. */
export async function pushFiles(harness: Harness, { files, check }: PushFiles): Promise<PushedFiles> {
  const read: ReadFile[] = [];
  const problems: PushProblem[] = [];
  const held = new Set<string>();
  for (const file of files) {
    const found = readFile(file, held);
    if ("problem" in found) problems.push(found.problem);
    else read.push(found.file);
  }
  const change = check || problems.length > 0 ? previewOnly : writeAll;
  const pushed = await change(harness, read);
  if (problems.length === 0) return pushed;
  return { versions: [], moved: pushed.moved, problems: [...problems, ...pushed.problems] };
}

function writeAll(harness: Harness, files: readonly ReadFile[]): Promise<PushedFiles> {
  const by = harness.actor;
  return changeRegistry(harness, (state, texts) => decidePush(state, { files, texts, by })).then(
    ({ result }) => result,
  );
}

function previewOnly(harness: Harness, files: readonly ReadFile[]): Promise<PushedFiles> {
  const by = harness.actor;
  return previewChange(harness, (state, texts) => decidePush(state, { files, texts, by }));
}

/** @param held contracts that were found to be ones: many prompts have the same, and each takes its time. */
function readFile(
  file: FileToPush,
  held: Set<string>,
): { readonly file: ReadFile } | { readonly problem: PushProblem } {
  try {
    boundFile(file.value, file.file);
    const spec = readPromptSpec(file.value, file.file);
    boundText(spec.text, spec.key);
    const contracts = canonicalJson([spec.text.input, spec.text.output ?? null]);
    if (!held.has(contracts)) checkContracts(spec.text);
    held.add(contracts);
    return { file: { ...file, ...spec } };
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined) throw error;
    return { problem: { file: file.file, code, message: (error as Error).message } };
  }
}
