/** A snapshot source that never changes: a baked snapshot, or none. */
import { type Clock, FIRST_ENVIRONMENTS, type SnapshotDocument, type SnapshotSource } from "@colophon/kernel";
import type { FedSource } from "@colophon/runtime";

/**
 * A snapshot as `colophon snapshot` writes it. TypeScript widens the literals of imported JSON, so no
 * more is asked of one than what every snapshot has.
 */
export type BakedSnapshot =
  | SnapshotDocument
  | {
      readonly format: number;
      readonly revision: number;
      readonly at: number;
      readonly environments: readonly string[];
      readonly prompts: object;
      readonly texts: object;
    };

/** A snapshot that is fed anew from time to time, such as `refreshing()` makes. */
export interface SnapshotFeed {
  /** The source that feeds it, for the clock of one `open`. */
  feed(clock: Clock): SnapshotSource;
}

/** The source that a snapshot option stands for. */
export function sourceOf(
  snapshot: BakedSnapshot | SnapshotFeed | undefined,
  { environment, clock }: { readonly environment: string; readonly clock: Clock },
): FedSource {
  return snapshot && "feed" in snapshot ? snapshot.feed(clock) : fixedSource(snapshot, environment);
}

/** Feeds one document, or an empty registry where there is none. */
export function fixedSource(baked: BakedSnapshot | undefined, environment: string): FedSource {
  const empty: SnapshotDocument = {
    format: 1,
    revision: 0,
    at: 0,
    environments: [...FIRST_ENVIRONMENTS, environment],
    prompts: {},
    texts: {},
  };
  return { start: (listener) => listener.onSnapshot((baked as SnapshotDocument | undefined) ?? empty) };
}
