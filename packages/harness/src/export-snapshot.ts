/** Bakes everything that resolvers need into one document. */
import { HarnessError, type SnapshotDocument } from "@colophon/kernel";
import type { Harness } from "./harness.ts";
import { projectSnapshot } from "./project-snapshot.ts";

/**
 * Everything that resolvers need, as one document.
 *
 * @throws HarnessError `store-corrupt` when a text that may be served is not in the store.
 * @example
 * const { revision, prompts } = await exportSnapshot(harness);
 */
export async function exportSnapshot(harness: Harness): Promise<SnapshotDocument> {
  const { document } = await projectSnapshot(harness, {});
  for (const [key, prompt] of Object.entries(document.prompts)) {
    for (const [version, { hash }] of Object.entries(prompt.versions)) {
      if (document.texts[hash] !== undefined) continue;
      throw new HarnessError(
        "store-corrupt",
        `The store has no text of ${key}@v${version}; run \`colophon verify\`.`,
      );
    }
  }
  return document;
}
