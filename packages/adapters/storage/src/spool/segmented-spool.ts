/** A spool of several files, for whom the spool is the way and not the exception: what was handed on frees its room. */
import type { LedgerEntry } from "@colophon/kernel";
import { OwnSpool, type OwnSpoolOptions, type SpoolResult } from "./own-spool.ts";
import { spoolBytes } from "./spool-files.ts";

export interface SegmentedSpoolOptions extends Omit<OwnSpoolOptions, "taken"> {
  /** Bytes after which another file is begun; 8 MiB unless given. */
  readonly segment?: number;
}

const SEGMENT_BYTES = 8 * 1024 * 1024;

/**
 * One file alone would shrink only when it is empty, which it never is while rows come faster than
 * they are handed on. The limit holds for all spools of the folder together.
 */
export class SegmentedSpool {
  readonly #options: SegmentedSpoolOptions;
  /** Oldest first; the last one takes what comes. */
  #segments: readonly OwnSpool[] = [];
  #others = 0;

  constructor(options: SegmentedSpoolOptions) {
    this.#options = options;
  }

  /** Entries that wait. */
  get entries(): number {
    return this.#segments.reduce((sum, { entries }) => sum + entries, 0);
  }

  /** The file whose entries wait longest. */
  get oldest(): OwnSpool | undefined {
    return this.#segments.find(({ entries }) => entries > 0);
  }

  /** @throws what the disk says, with nothing of the entry kept. */
  append(entry: LedgerEntry): SpoolResult {
    return this.#last().append(entry);
  }

  /** Everything of a file up to `end` was handed on; a file that takes nothing any more goes with its last entry. */
  drained(segment: OwnSpool, end: number, entries: number): void {
    segment.drained(end, entries);
    if (segment.entries > 0 || segment === this.#segments.at(-1)) return;
    segment.release();
    this.#segments = this.#segments.filter((one) => one !== segment);
  }

  /** Measures what other processes' spools take of the limit. */
  measure(): void {
    const own = new Set(this.#segments.map(({ id }) => id));
    this.#others = spoolBytes(this.#options.spoolDir, own);
  }

  /** Lets go of all files: empty ones are removed, the others wait for whoever comes next. */
  release(): void {
    for (const segment of this.#segments) segment.release();
    this.#segments = [];
  }

  #last(): OwnSpool {
    const { segment = SEGMENT_BYTES } = this.#options;
    const last = this.#segments.at(-1);
    if (last !== undefined && last.bytes < segment) return last;
    if (last?.entries === 0) {
      // Damaged lines at its end, which nobody waits for.
      last.release();
      this.#segments = this.#segments.slice(0, -1);
    }
    const next: OwnSpool = new OwnSpool({ ...this.#options, taken: () => this.#takenBeside(next) });
    this.#segments = [...this.#segments, next];
    return next;
  }

  #takenBeside(segment: OwnSpool): number {
    return this.#segments.reduce((sum, one) => (one === segment ? sum : sum + one.bytes), this.#others);
  }
}
