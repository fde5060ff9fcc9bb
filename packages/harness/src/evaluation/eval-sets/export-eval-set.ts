/** Writes a version of an eval set as a file. */
import type { Harness } from "../../harness.ts";
import type { EvalSetFormat } from "./eval-set-file.ts";
import { loadEvalSet } from "./load-eval-set.ts";
import { type WrittenEvalSet, writeEvalSetFile } from "./write-eval-set-file.ts";

export interface ExportedEvalSet extends WrittenEvalSet {
  readonly name: string;
  readonly version: number;
  readonly cases: number;
}

/**
 * The text of a file that `importEvalSet` takes in again as the same version.
 *
 * @throws HarnessError `usage`, `eval-set-unknown`, `version-unknown` or `store-corrupt`.
 */
export async function exportEvalSet(
  harness: Harness,
  reference: string,
  format: EvalSetFormat,
): Promise<ExportedEvalSet> {
  const { entry, content } = await loadEvalSet(harness, reference);
  const written = writeEvalSetFile({ entry, content }, format);
  return { name: entry.name, version: entry.version, cases: content.cases.length, ...written };
}
