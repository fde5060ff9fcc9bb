/** The port for looking after a store: verify, seal, erase, purge. */
import type { Seal } from "../chain.ts";
import type { EpochMs } from "../clock.ts";
import type { Actor } from "../records/actor.ts";
import type { Subject } from "../subject.ts";

/** One thing that is not as it was written. */
export interface Finding {
  readonly kind:
    | "altered-row"
    | "missing-row"
    | "reordered-row"
    | "cut-tail"
    | "vanished-writer"
    | "altered-record"
    | "missing-record"
    | "altered-text"
    | "missing-text"
    | "altered-outcome"
    | "missing-outcome"
    | "altered-seal"
    | "altered-subject"
    | "rollup-mismatch"
    | "index-mismatch"
    | "anchor-mismatch"
    | "weakened-schema"
    | "unreadable";
  /** Where: an execution id, a revision, a hash, a writer. */
  readonly where: string;
  readonly message: string;
}

/** Heads kept outside the store, to be held against it later. */
export interface Anchor {
  readonly format: 1;
  readonly at: EpochMs;
  readonly seal: Seal;
  /** Every writer's head at that moment. */
  readonly heads: Seal["heads"];
}

export interface VerifyReport {
  readonly records: number;
  readonly texts: number;
  readonly executions: number;
  readonly outcomes: number;
  readonly writers: number;
  readonly seals: number;
  readonly findings: readonly Finding[];
}

export interface ErasedCounts {
  readonly executions: number;
  readonly contents: number;
  /** False when the file could not be compacted (somebody else holds it); run the erasure again. */
  readonly compacted: boolean;
}

/** What a store let go of, and what it keeps. */
export interface RetainedCounts {
  /** Rows of calls that started then or later are kept; earlier than was asked for where rows lie together. */
  readonly since: EpochMs;
  readonly executions: number;
  readonly outcomes: number;
}

export interface StoreCare {
  /** Holds everything in the store against its chains, seals, hashes and sums. Never writes. */
  verify(more?: { readonly anchor?: Anchor }): Promise<VerifyReport>;
  /** Seals all heads now; undefined when nothing moved since the last seal. */
  seal(): Promise<Seal | undefined>;
  /** The last seal with every writer's head, to be kept outside the store. */
  anchor(): Promise<Anchor>;
  /**
   * Destroys the subject's id, key and contents, leaves an erasure record, and compacts the files.
   * Counts are zero for a subject the store does not know.
   */
  erase(subject: Subject, by: Actor): Promise<ErasedCounts>;
  /**
   * What somebody has to do from time to time: seals, folds sums for a while, deletes contents whose days
   * are over, makes room for the coming weeks. Harmless when several do it at once.
   */
  keepUp(): Promise<void>;
  /** Deletes contents whose days are over; returns how many. */
  purgeContents(now: EpochMs): Promise<number>;
  /**
   * Lets go of rows of calls that started before then, with their outcomes, starts and contents. Their
   * sums stay, and a record keeps where their chains stood, so that `verify` goes on from there. Rows as
   * old that come in later are counted as gaps, since nobody can tell any more whether they were there.
   * With `dryRun` it says what would go, and changes nothing.
   *
   * @throws HarnessError `store-unsupported` for a store that keeps every row.
   */
  retain(before: EpochMs, by: Actor, more?: { readonly dryRun?: boolean }): Promise<RetainedCounts>;
}
