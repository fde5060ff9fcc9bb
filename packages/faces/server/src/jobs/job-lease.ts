/** Keeps the lease of a job that is done here, and says when it has to end. */
import type { Job, Jobs } from "@colophon/kernel";

/** Why a job ends before its work does. */
export type JobStop = "lost" | "cancelled" | "stopping";

export interface LeaseParts {
  readonly jobs: Pick<Jobs, "renew">;
  readonly holder: string;
  readonly leaseMs: number;
  readonly renewMs: number;
  /** Monotone milliseconds. */
  readonly elapsed: () => number;
}

/** From `open` on renewed until `close`. The signal is aborted once, with why as its reason. */
export class JobLease {
  readonly #parts: LeaseParts;
  readonly #id: string;
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #renewed: number;

  constructor({ id }: Pick<Job, "id">, parts: LeaseParts) {
    this.#parts = parts;
    this.#id = id;
    this.#renewed = parts.elapsed();
    this.#timer = setInterval(() => void this.#renew(), parts.renewMs);
    this.#timer.unref();
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Null while the work goes on. */
  get stopped(): JobStop | null {
    return this.#stop.signal.aborted ? (this.#stop.signal.reason as JobStop) : null;
  }

  stop(why: JobStop): void {
    if (!this.#stop.signal.aborted) this.#stop.abort(why);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #renew(): Promise<void> {
    const { jobs, holder, leaseMs, elapsed } = this.#parts;
    const asked = elapsed();
    try {
      const { held, cancelAsked } = await jobs.renew(this.#id, holder, leaseMs);
      if (!held) this.stop("lost");
      else this.#renewed = asked;
      if (cancelAsked) this.stop("cancelled");
    } catch {
      // A store that is away for a moment has not given the job to anybody; after the lease it may have.
      if (elapsed() - this.#renewed >= leaseMs) this.stop("lost");
    }
  }
}
