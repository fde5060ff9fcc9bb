/** Reads what another tool holds and converts it, before anything is written. */
import { resolve } from "node:path";
import type { Imported } from "@colophon/authoring/convert";
import { HarnessError } from "@colophon/kernel";
import { convertLangfuseSource } from "./langfuse-source.ts";
import { type LangfuseAddress, readLangfuseApi } from "./read-langfuse-api.ts";
import { readLangfuseExport } from "./read-langfuse-export.ts";
import { readPromptFiles } from "./read-prompt-files.ts";
import { readPromptfoo } from "./read-promptfoo.ts";

/** The tools that prompts come from. */
export const IMPORT_SOURCES = ["dotprompt", "prompty", "promptfoo", "langfuse"] as const;
export type ImportSource = (typeof IMPORT_SOURCES)[number];

/** What to read, and what to take for what the source leaves open. */
export interface ReadImport {
  readonly source: ImportSource;
  /** A file or folder; null for a server. */
  readonly path: string | null;
  /** The folder that paths start at. */
  readonly cwd: string;
  /** For prompts that name no model; null refuses those. */
  readonly model: string | null;
  /** All versions of a prompt, or its newest one. */
  readonly versions: "all" | "newest";
  readonly langfuse?: LangfuseAddress | undefined;
}

/**
 * The prompts of a source as prompts of the house, with what was changed on the way and what could not be taken.
 *
 * @throws HarnessError `usage`, `input-malformed` or `too-large`, and of a server `store-unavailable`, `not-signed-in`,
 * `not-allowed` or `key-unknown`.
 * @example
 * const { versions, left } = await readImport({
 *   source: "langfuse",
 *   path: "export.json",
 *   cwd: ".",
 *   model: "gpt-5-mini",
 *   versions: "all",
 * });
 */
export async function readImport(request: ReadImport): Promise<Imported> {
  const { source, cwd, model, versions, langfuse } = request;
  if (source === "langfuse" && langfuse !== undefined) {
    return convertLangfuseSource(await readLangfuseApi(langfuse), { model, versions });
  }
  if (request.path === null) {
    const server = source === "langfuse" ? ", or the server's --url" : "";
    throw new HarnessError(
      "usage",
      `Nothing is named to import from ${source}; give a file or folder${server}.`,
    );
  }
  const path = resolve(cwd, request.path);
  if (source === "langfuse") return convertLangfuseSource(readLangfuseExport(path, cwd), { model, versions });
  if (source === "promptfoo") return readPromptfoo({ path, cwd, model });
  return readPromptFiles(source, { path, cwd, model });
}
