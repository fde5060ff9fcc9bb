/** A snapshot source that never changes: a baked snapshot, or none. */
import { FIRST_ENVIRONMENTS, type SnapshotDocument, type SnapshotSource } from "@colophon/kernel";

/** Feeds one document, or an empty registry where there is none. */
export function fixedSource(document: SnapshotDocument | undefined, environment: string): SnapshotSource {
  const empty: SnapshotDocument = {
    format: 1,
    revision: 0,
    at: 0,
    environments: [...new Set([...FIRST_ENVIRONMENTS, environment])],
    prompts: {},
    texts: {},
  };
  return {
    start: (listener) => listener.onSnapshot(document ?? empty),
    // A baked snapshot holds what it holds; a missing pin shows as unknown-version.
    want: () => undefined,
    close: async () => undefined,
  };
}
