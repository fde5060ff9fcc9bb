/** Registers a prompt: what a file says, or what the code of applications declared last in an environment. */

import { decideVersion, type RegisteredVersion, readPromptSpec } from "@colophon/authoring";
import {
  type DeclarationEntry,
  declarationsIn,
  getEnvironment,
  getPrompt,
  HarnessError,
  type VersionSource,
  type VersionText,
} from "@colophon/kernel";
import { boundFile, boundText, checkContracts } from "./bounds/bound-text.ts";
import { changeRegistry } from "./change-registry.ts";
import type { Harness } from "./harness.ts";

export interface RegisterFile {
  /** The parsed file. */
  readonly value: unknown;
  /** Its name, for errors. */
  readonly file: string;
  readonly message?: string | null;
  readonly commit?: string | null;
}

/**
 * Makes a version of what a file says; the same content again makes none.
 *
 * @throws HarnessError `prompt-invalid`, `schema-unsupported`, `misfit`, `partial-missing`, `partial-cycle` or of
 * the template.
 * @example
 * const { version, created } = await registerPrompt(harness, {
 *   file: "triage.yaml",
 *   value: { key: "support.triage", model: "gpt-5-mini", body: "Sort the ticket." },
 * });
 */
export async function registerPrompt(harness: Harness, command: RegisterFile): Promise<RegisteredVersion> {
  boundFile(command.value, command.file);
  const { key, text, metadata } = readPromptSpec(command.value, command.file);
  checkContracts(text);
  return numberText(harness, { key, text, metadata, source: "file", ...command });
}

export interface RegisterDeclared {
  readonly environment: string;
  /** Every prompt that was declared there when absent. */
  readonly key?: string;
  readonly message?: string | null;
  readonly commit?: string | null;
}

/**
 * Numbers the texts that code declared last, those of each application where there are several.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, and what `registerPrompt` throws.
 * @example
 * const registered = await registerDeclared(harness, { environment: "staging", key: "support.triage" });
 */
export async function registerDeclared(
  harness: Harness,
  command: RegisterDeclared,
): Promise<readonly RegisteredVersion[]> {
  const { environment, key } = command;
  const state = await harness.records.state();
  getEnvironment(state, environment);
  const prompts = key === undefined ? [...state.prompts.values()] : [getPrompt(state, key)];
  const declared = prompts.flatMap((prompt) => oncePerText(declarationsIn(prompt, environment)));
  if (declared.length === 0) {
    const what = key === undefined ? "No code" : `No code that declares ${key}`;
    throw new HarnessError(
      "key-unknown",
      `${what} was started in ${environment} yet; start it once on this store, or register a file.`,
    );
  }
  const texts = await harness.records.listTexts(declared.map((declaration) => declaration.hash));
  const registered: RegisteredVersion[] = [];
  for (const declaration of declared) {
    const text = texts.get(declaration.hash);
    if (text === undefined) throw lostText(declaration.key, declaration.hash);
    registered.push(await numberText(harness, { key: declaration.key, text, source: "code", ...command }));
  }
  return registered;
}

/** Applications that share their code declare the same text. */
function oncePerText(entries: readonly DeclarationEntry[]): readonly DeclarationEntry[] {
  return [...new Map(entries.map((entry) => [entry.hash, entry])).values()];
}

interface Numbering {
  readonly key: string;
  readonly text: VersionText;
  readonly metadata?: Parameters<typeof decideVersion>[1]["metadata"];
  readonly source: VersionSource;
  readonly message?: string | null;
  readonly commit?: string | null;
}

async function numberText(harness: Harness, numbering: Numbering): Promise<RegisteredVersion> {
  const { key, text, metadata, source, message = null, commit = null } = numbering;
  boundText(text, key);
  const by = harness.actor;
  const command = { key, text, metadata, source, message, commit, by, author: by.id };
  const { result } = await changeRegistry(harness, (state, texts) =>
    decideVersion(state, { ...command, texts }),
  );
  return result;
}

function lostText(key: string, hash: string): HarnessError {
  return new HarnessError(
    "store-corrupt",
    `The store has no text ${hash.slice(0, 12)} that the code of ${key} declared; run \`colophon verify\`.`,
  );
}
