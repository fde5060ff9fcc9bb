/** The model that a version's text names. */
import { getPrompt, getServable, HarnessError, type ModelChoice } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";

/**
 * @throws HarnessError `key-unknown`, `version-unknown`, `withdrawn` or `store-corrupt`.
 * @example
 * const { provider, id } = await versionModel(harness, { key: "support.triage", version: 7 });
 */
export async function versionModel(
  harness: Harness,
  { key, version }: { readonly key: string; readonly version: number },
): Promise<ModelChoice> {
  const { hash } = getServable(getPrompt(await harness.records.state(), key), version);
  const text = (await harness.records.listTexts([hash])).get(hash);
  if (text !== undefined) return text.model;
  throw new HarnessError(
    "store-corrupt",
    `The text of ${key}@v${version} is not in the store; run \`colophon verify\`.`,
  );
}
