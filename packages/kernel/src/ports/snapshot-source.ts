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

/** How long to wait for versions that were asked for by number. */
export interface WantedWait {
  readonly timeoutMs: number;
  /** Whether to go on waiting, within that time, where the registry cannot be asked at the moment. */
  readonly patient: boolean;
  /** Those that are waited for, as `key@v7`; all that are not for one call when left out. */
  readonly pins?: ReadonlySet<string>;
}

export interface SnapshotSource {
  /** Begins feeding. May call back before it returns, when the first snapshot is at hand. */
  start(listener: SnapshotListener): void;
  /**
   * Asks for a version by number that the snapshot may lack. It comes as a change: before this returns
   * where the registry is at hand, else when it was fetched. Must not throw.
   *
   * @param isPassing whether it is for one call, as the pin of a conversation, and no need of the code.
   */
  want(key: string, version: number, isPassing?: boolean): void;
  /** Whether a version that was asked for is still to be looked for; where this is left out, none ever is. */
  isComing?(key: string, version: number): boolean;
  /**
   * Resolves when what was asked for by number was looked for, whether it was found or not, or when the time
   * is over; where this is left out, it always was.
   *
   * @returns what is still to be looked for, as `key@v7`.
   */
  waitForWanted?(wait: WantedWait): Promise<readonly string[]>;
  /** Told of each resolution, at once: for sources that cannot rely on timers. Must not throw. */
  asked?(): void;
  close(): Promise<void>;
}
