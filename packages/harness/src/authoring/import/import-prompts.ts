/** Takes prompts and eval sets over from another tool, into files or the registry. */
import type { Imported, ImportRemark } from "@colophon/authoring/convert";
import type { House } from "../../house.ts";
import type { PromptFolder } from "../sync/prompt-folder.ts";
import type { ImportReport, Refusal } from "./import-report.ts";
import { registerImport } from "./register-import.ts";
import { releaseLabels } from "./release-labels.ts";
import { writeImport } from "./write-import.ts";

/** What was read of a source, on its way to files. */
export interface ImportToFiles {
  readonly source: string;
  readonly imported: Imported;
  readonly folder: PromptFolder;
  readonly dryRun: boolean;
}

/**
 * Writes a prompt file for each prompt, and a file for each eval set; what is there stays as it is.
 *
 * @throws HarnessError `usage` where nothing can be written.
 * @example
 * // As `readImport` and `findPromptFolder` give them.
 * const imported = { versions: [], sets: [], changes: [], left: [] };
 * const folder = { path: "/app/prompts", parent: "/app", cwd: "/app" };
 * const { prompts, left } = importToFiles({ source: "dotprompt", imported, folder, dryRun: true });
 */
export function importToFiles({ source, imported, folder, dryRun }: ImportToFiles): ImportReport {
  const { prompts, sets, refused } = writeImport({ folder, imported, dryRun });
  return { source, prompts, sets, releases: [], ...remarksOf(imported, refused) };
}

/** What was read of a source, on its way to the registry. */
export interface ImportToRegistry {
  readonly source: string;
  readonly imported: Imported;
  readonly dryRun: boolean;
  /** Environments by label, null for those of the same names; absent for no releases. */
  readonly releases?: ReadonlyMap<string, string> | null | undefined;
}

/**
 * Registers every version in the order of its source, and its eval sets; a prompt with versions of another origin is
 * refused.
 *
 * @throws HarnessError `environment-unknown`, or of the store.
 * @example
 * // As `readImport` gives it.
 * const imported = { versions: [], sets: [], changes: [], left: [] };
 * const { prompts, left } = await importToRegistry(house, { source: "dotprompt", imported, dryRun: true });
 */
export async function importToRegistry(house: House, request: ImportToRegistry): Promise<ImportReport> {
  const { source, imported, dryRun, releases } = request;
  const { prompts, sets, refused } = await registerImport(house, { source, imported, dryRun });
  const released =
    releases === undefined || dryRun
      ? { releases: [], refused: [] }
      : await releaseLabels(house, { source, imported, prompts, labels: releases });
  return {
    source,
    prompts,
    sets,
    releases: released.releases,
    ...remarksOf(imported, [...refused, ...released.refused]),
  };
}

function remarksOf(
  { changes, left }: Imported,
  refused: readonly Refusal[],
): { readonly changes: readonly ImportRemark[]; readonly left: readonly ImportRemark[] } {
  return {
    changes,
    left: [...left, ...refused.map(({ from, reason }) => ({ from, line: null, sentence: reason }))],
  };
}
