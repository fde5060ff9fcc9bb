/** Tells what a job meets on its way: in order, and no more often than anybody reads it. */
import type { RunEstimate, RunProgress } from "@colophon/harness";
import type { JobEvent } from "@colophon/kernel";

type Said = Pick<JobEvent, "kind" | "data">;

export interface ReporterParts {
  readonly say: (event: Said) => Promise<void>;
  /** Monotone milliseconds. */
  readonly elapsed: () => number;
  /** Told what could not be written down. */
  readonly onFailure: (error: unknown) => void;
  /** Milliseconds between two events of progress. */
  readonly every: number;
}

/** Notices beyond these would tell nobody anything. */
const MOST_NOTICES = 1_000;

export class JobReporter {
  readonly #parts: ReporterParts;
  #notices = 0;
  #told: number | null = null;
  #newest: RunProgress | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(parts: ReporterParts) {
    this.#parts = parts;
  }

  notice(message: string): void {
    this.#notices += 1;
    if (this.#notices <= MOST_NOTICES) this.#say({ kind: "notice", data: message });
  }

  estimate(estimate: RunEstimate): void {
    this.#say({ kind: "estimate", data: estimate });
  }

  progress(progress: RunProgress): void {
    const now = this.#parts.elapsed();
    this.#newest = progress;
    if (this.#told !== null && now - this.#told < this.#parts.every) return;
    this.#told = now;
    this.#tellNewest();
  }

  /** Tells where it came to at last, and waits until all is written. */
  async settled(): Promise<void> {
    this.#tellNewest();
    await this.#last;
  }

  #tellNewest(): void {
    if (this.#newest === null) return;
    this.#say({ kind: "progress", data: this.#newest });
    this.#newest = null;
  }

  /** An event that is lost is no reason to end the job. */
  #say(event: Said): void {
    const { say, onFailure } = this.#parts;
    this.#last = this.#last.then(() => say(event)).catch(onFailure);
  }
}
