/** Reads one opened store file into the state that snapshots are projected from. */
import { statSync } from "node:fs";
import type { Clock, Pseudonym, Revision, SnapshotChange } from "@colophon/kernel";
import {
  type Pins,
  SnapshotProjection,
  type SnapshotReads,
  type WantedVersion,
} from "../shared/snapshot-projection.ts";
import { openSqliteCore } from "./open-sqlite-core.ts";
import { readRecords } from "./registry-log.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { readTexts } from "./sqlite-record-store.ts";
import { revealSubject } from "./subject-table.ts";

/** A look waits no longer than this for a lock. */
const BUSY_TIMEOUT_MS = 8;
/** Records applied in one turn of the event loop. */
const RECORDS_PER_TURN = 1000;

export interface ReadingParts {
  readonly file: string;
  readonly clock: Clock;
  readonly pins: Pins;
}

/** What a look found: the touched prompts, and whether there is more than one turn's worth. */
export interface ReadChange {
  readonly change: SnapshotChange;
  readonly more: boolean;
}

export class SnapshotReading {
  /** The file's identity: a store that was deleted and made again is another one. */
  readonly inode: number;
  readonly #core: SqliteCore;
  readonly #projection: SnapshotProjection;
  readonly #subjects = new Map<Pseudonym, string | undefined>();
  readonly #reads: SnapshotReads;

  /** Opens the file as it lies there now and reads all of its log. */
  constructor({ file, clock, pins }: ReadingParts) {
    const times = { busyTimeout: BUSY_TIMEOUT_MS, openTimeout: BUSY_TIMEOUT_MS };
    const core = openSqliteCore({ file, mode: "read", clock, ...times });
    this.#core = core;
    this.#reads = { reveal: (subject) => this.#reveal(subject), texts: (hashes) => readTexts(core, hashes) };
    const erased = (subject: Pseudonym) => void this.#subjects.set(subject, undefined);
    this.#projection = new SnapshotProjection({ pins, erased });
    try {
      this.#projection.apply(readRecords(core.db, {}));
      this.inode = statSync(file).ino;
    } catch (error) {
      core.close();
      throw error;
    }
  }

  close(): void {
    this.#core.close();
  }

  /** The revision up to which the log was read. */
  get readUpTo(): Revision {
    return this.#projection.revision;
  }

  /** Whether the registry has this version, as far as it was read. */
  has(wanted: WantedVersion): boolean {
    return this.#projection.has(wanted);
  }

  /** The revision at the end of the log. */
  revision(): Revision {
    return (this.#core.prepare("SELECT revision FROM watch").get() as { revision: number }).revision;
  }

  /** All prompts, with all texts. */
  whole(): SnapshotChange {
    return this.describe(this.#projection.keys);
  }

  /** Reads on from where we are, and describes what is wanted too; more than a turn's worth is left for the next. */
  readOn(wanted: readonly WantedVersion[]): ReadChange {
    const records = readRecords(this.#core.db, { after: this.readUpTo, limit: RECORDS_PER_TURN });
    const touched = this.#projection.apply(records);
    return {
      change: this.describe(new Set([...touched, ...this.keysOf(wanted)])),
      more: records.length === RECORDS_PER_TURN,
    };
  }

  /** The prompts of those versions that there are; the others have nothing to be described. */
  keysOf(wanted: readonly WantedVersion[]): ReadonlySet<string> {
    return new Set(wanted.flatMap((one) => (this.has(one) ? [one.key] : [])));
  }

  /** As `SnapshotProjection.describe`; whoever asks sends it. */
  describe(keys: Iterable<string>): SnapshotChange {
    const change = this.#projection.describe(keys, this.#reads);
    this.#projection.sent(change);
    return change;
  }

  #reveal(subject: Pseudonym): string | undefined {
    if (!this.#subjects.has(subject)) this.#subjects.set(subject, revealSubject(this.#core, subject));
    return this.#subjects.get(subject);
  }
}
