/** The port by which processes on one store know of each other: who is connected, and who does a job. */
import type { EpochMs } from "../clock.ts";
import type { Revision } from "../records/registry-records.ts";

/** A process that resolves from this store. */
export interface Follower {
  /** New at every start. */
  readonly id: string;
  readonly application: string | null;
  readonly environment: string;
  /** The revision of the snapshot that it serves. */
  readonly revision: Revision;
  /** When it began to serve that revision. */
  readonly appliedAt: EpochMs;
  /** When it was last heard of. */
  readonly seenAt: EpochMs;
  /** Whether it is known to have ended; null where only its silence could tell. */
  readonly ended: boolean | null;
}

/** Who does a job, and until when nobody else does. */
export interface Lease {
  readonly holder: string;
  readonly until: EpochMs;
}

/** State that is about running processes alone: not records, kept by no chain, gone when they are. */
export interface Coordination {
  /** Says what this process serves; called at each new revision, and from time to time. */
  follow(follower: Omit<Follower, "seenAt" | "ended">): Promise<void>;
  unfollow(id: string): Promise<void>;
  /** Processes heard of since then, those known to have ended left out. */
  listFollowers(since: EpochMs): Promise<readonly Follower[]>;
  /**
   * Takes or renews the lease of a job until then; false while another holder's lease runs. A lease is
   * a courtesy that saves work: decisions stay safe without it, since the log's lock orders them.
   */
  takeLease(job: string, holder: string, until: EpochMs): Promise<boolean>;
  releaseLease(job: string, holder: string): Promise<void>;
  /** The lease of a job that runs now; null where nobody has one. */
  findLease(job: string): Promise<Lease | null>;
}
