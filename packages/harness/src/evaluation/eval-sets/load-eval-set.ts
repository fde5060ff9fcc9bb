/** Loads a version of an eval set with its cases. */
import {
  type EvalSetContent,
  type EvalSetReference,
  evalSetReference,
  getEvalSet,
} from "@colophon/evaluation";
import { type EvalSetEntry, HarnessError } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";

export interface LoadedEvalSet {
  readonly entry: EvalSetEntry;
  readonly content: EvalSetContent;
}

/**
 * The version that a reference names (`triage@v3`), or the newest (`triage`), with its cases.
 *
 * @throws HarnessError `usage`, `eval-set-unknown`, `version-unknown` or `store-corrupt`.
 * @example
 * const { entry, content } = await loadEvalSet(harness, "triage@v3");
 */
export async function loadEvalSet(harness: Harness, reference: string): Promise<LoadedEvalSet> {
  return loadNamed(harness, evalSetReference(reference));
}

async function loadNamed(harness: Harness, reference: EvalSetReference): Promise<LoadedEvalSet> {
  const entry = getEvalSet(await harness.records.state(), reference);
  return { entry, content: await contentOf(harness, entry) };
}

/** The cases of a version. @throws HarnessError `store-corrupt` where they are gone. */
export async function contentOf(harness: Harness, entry: EvalSetEntry): Promise<EvalSetContent> {
  const { name, version, hash } = entry;
  const content = (await harness.records.listDocuments([hash])).get(hash);
  if (content !== undefined) return content as EvalSetContent;
  throw new HarnessError(
    "store-corrupt",
    `The store has no cases ${hash.slice(0, 12)} of the eval set ${name}@v${version}; run \`colophon verify\`.`,
  );
}
