/** Runs a decision under the store's lock, loading the texts that it asks for. */
import { missingTexts } from "@colophon/authoring";
import type { AppendedRecords, RecordDecision, RegistryState, VersionText } from "@colophon/kernel";
import type { Harness } from "./harness.ts";

/** Decides on a state with the texts at hand; throws what `missingTexts` reads when it lacks some. */
export type Decide<T> = (state: RegistryState, texts: ReadonlyMap<string, VersionText>) => RecordDecision<T>;

/** Decides and appends; nothing is written when the decision throws. */
export function changeRegistry<T>(harness: Harness, decide: Decide<T>): Promise<AppendedRecords<T>> {
  return withTexts(harness, (texts) => harness.records.append((state) => decide(state, texts)));
}

/** What the decision would say now, without writing anything. */
export function previewChange<T>(harness: Harness, decide: Decide<T>): Promise<T> {
  return withTexts(harness, async (texts) => decide(await harness.records.state(), texts).result);
}

/** Repeats the task until it has every text that it asks for. */
export async function withTexts<T>(
  harness: Harness,
  task: (texts: ReadonlyMap<string, VersionText>) => Promise<T>,
): Promise<T> {
  const texts = new Map<string, VersionText>();
  for (;;) {
    try {
      return await task(texts);
    } catch (error) {
      const asked = missingTexts(error).filter((hash) => !texts.has(hash));
      const loaded = asked.length === 0 ? undefined : await harness.records.listTexts(asked);
      // What the store does not have either is the error that was thrown.
      if (loaded === undefined || loaded.size === 0) throw error;
      for (const [hash, text] of loaded) texts.set(hash, text);
    }
  }
}
