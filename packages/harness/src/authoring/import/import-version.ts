/** Makes a version of a prompt that comes from another tool, with its author there. */
import { decideVersion, type RegisteredVersion, readPromptSpec } from "@colophon/authoring";
import { boundFile, boundText, checkContracts } from "../../bounds/bound-text.ts";
import { changeRegistry } from "../../change-registry.ts";
import type { Harness } from "../../harness.ts";

export interface ImportVersion {
  /** As `version.register` takes it. */
  readonly value: unknown;
  /** What the source calls it, for errors. */
  readonly file: string;
  readonly message: string | null;
  /** Who wrote it there; null stands for whoever imports. */
  readonly author: string | null;
}

/** @throws HarnessError as `registerPrompt` does. */
export async function importVersion(harness: Harness, command: ImportVersion): Promise<RegisteredVersion> {
  const { value, file, message, author } = command;
  boundFile(value, file);
  const spec = readPromptSpec(value, file);
  boundText(spec.text, spec.key);
  checkContracts(spec.text);
  const by = harness.actor;
  const { result } = await changeRegistry(harness, (state, texts) =>
    decideVersion(state, {
      ...spec,
      source: "import",
      message,
      commit: null,
      author: author ?? by.id,
      by,
      texts,
    }),
  );
  return result;
}
