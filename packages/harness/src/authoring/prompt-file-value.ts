/** Makes of a prompt file what a JSON or YAML file of the same prompt would hold. */
import { conflictLine, keyOfPath, promptSpecValue, readPromptFile } from "@colophon/authoring";
import { HarnessError } from "@colophon/kernel";

/** A prompt file and where it stands. */
export interface PromptFileSource {
  /** Bytes of UTF-8, or a text. */
  readonly source: string | Uint8Array;
  /** Its name, for errors. */
  readonly file: string;
  /** For a file that says no name; null where the file has to say one. */
  readonly key: string | null;
}

/**
 * The plain object that `registerPrompt` and `addCandidate` take.
 *
 * @throws HarnessError `prompt-invalid`, `template-syntax`, with file, line and column.
 * @example
 * const value = promptFileValue({
 *   file: "prompts/support/triage.prompt",
 *   key: "support.triage",
 *   source: "---\nmodel: gpt-5-mini\n---\nSort the ticket.\n",
 * });
 */
export function promptFileValue({ source, file, key }: PromptFileSource): Readonly<Record<string, unknown>> {
  refuseUnsettled(source, file);
  return promptSpecValue(readPromptFile(source, { name: file, key }));
}

/**
 * Marks of a merge in the body would be words of the prompt.
 *
 * @throws HarnessError `prompt-invalid` for a file with a conflict that nobody has settled.
 */
export function refuseUnsettled(source: string | Uint8Array, name: string): void {
  const marked = conflictLine(typeof source === "string" ? source : new TextDecoder().decode(source));
  if (marked === undefined) return;
  throw new HarnessError(
    "prompt-invalid",
    `${name}:${marked} has a conflict that nobody has settled: keep what is to stay and delete the marks.`,
  );
}

/** The folder that keys are counted from. */
const FOLDER = "prompts";

/**
 * The key that a path says: from the outermost folder `prompts` on, or null where there is none.
 *
 * @param path with `/` or `\` between its steps.
 * @example
 * const key = keyInPrompts("prompts/support/triage.prompt"); // "support.triage"
 */
export function keyInPrompts(path: string): string | null {
  const steps = path.split(/[/\\]/);
  const folder = steps.slice(0, -1).indexOf(FOLDER);
  return folder === -1 ? null : keyOfPath(steps.slice(folder + 1).join("/"));
}
