/** The port that feeds a resolver: whole snapshots first, then changes, pushed as they come. */
import type { EpochMs } from "../clock.ts";
import type { SnapshotDocument, SnapshotPrompt } from "../snapshot-document.ts";
import type { VersionText } from "../version-text.ts";

/** Prompts that changed between two revisions. */
export interface SnapshotChange {
  readonly revision: number;
  readonly at: EpochMs;
  readonly environments: readonly string[];
  readonly prompts: Readonly<Record<string, SnapshotPrompt>>;
  readonly texts: Readonly<Record<string, VersionText>>;
  /**
   * Prompts of which something happened that their entries do not show, such as the withdrawal of a version
   * that the snapshot lacks; absent where there are none.
   */
  readonly touched?: readonly string[];
}

export interface SnapshotListener {
  onSnapshot(document: SnapshotDocument): void;
  onChange(change: SnapshotChange): void;
  /** The source cannot be read any more; what was served last stays, current until `since`, or until now. */
  onLost(error: Error, since?: EpochMs): void;
  /** It can be read again, and nothing was missed. */
  onRecovered(): void;
}

export interface SnapshotSource {
  /** Begins feeding. May call back before it returns, when the first snapshot is at hand. */
  start(listener: SnapshotListener): void;
  /** Asks for versions by number that the snapshot may lack; they come as a change. */
  want(key: string, version: number): void;
  /** Told of each resolution, at once: for sources that cannot rely on timers. Must not throw. */
  asked?(): void;
  close(): Promise<void>;
}
