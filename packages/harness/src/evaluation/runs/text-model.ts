/** The model that a version's or a candidate's text names. */
import { HarnessError, type ModelChoice } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { findText, type TextReference } from "../../text-reference.ts";

/**
 * @throws HarnessError `key-unknown`, `version-unknown`, `withdrawn` or `store-corrupt`.
 * @example
 * const { provider, id } = await textModel(harness, { key: "support.triage", version: 7 });
 */
export async function textModel(harness: Harness, reference: TextReference): Promise<ModelChoice> {
  const { subject, hash } = findText(await harness.records.state(), reference);
  const text = (await harness.records.listTexts([hash])).get(hash);
  if (text !== undefined) return text.model;
  throw new HarnessError(
    "store-corrupt",
    `The text of ${reference.key}@${subject} is not in the store; run \`colophon verify\`.`,
  );
}
