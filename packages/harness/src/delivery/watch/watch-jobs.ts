/** Runs a watcher's jobs beside its looks, so that a slow one keeps no guard waiting. */
import type { EpochMs } from "@colophon/kernel";

/** Something that is done from time to time by whoever watches. */
export interface WatchJob {
  readonly name: string;
  /** Milliseconds from the beginning of a run to the next one's at the earliest. */
  readonly every: number;
  /** @returns in words, what was done; null where nothing was. */
  run(now: EpochMs): Promise<string | null>;
}

export interface JobNews {
  /** What was done, in words. */
  readonly done: readonly string[];
  /** What failed, each in one sentence. */
  readonly problems: readonly string[];
}

/** A job never runs twice at once, and what one throws ends neither it nor the others. */
export class WatchJobs {
  readonly #jobs: readonly WatchJob[];
  readonly #due = new Map<string, EpochMs>();
  readonly #running = new Map<string, Promise<void>>();
  #done: string[] = [];
  #problems: string[] = [];

  constructor(jobs: readonly WatchJob[]) {
    this.#jobs = jobs;
  }

  /** Begins those that are due. */
  start(now: EpochMs): void {
    for (const job of this.#jobs) {
      if (this.#running.has(job.name) || now < (this.#due.get(job.name) ?? now)) continue;
      this.#due.set(job.name, now + job.every);
      this.#running.set(job.name, this.#run(job, now));
    }
  }

  /** What ended since the last time it was asked. */
  news(): JobNews {
    const news = { done: this.#done, problems: this.#problems };
    [this.#done, this.#problems] = [[], []];
    return news;
  }

  /** Waits for those that run. */
  async settled(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  async #run(job: WatchJob, now: EpochMs): Promise<void> {
    try {
      const said = await job.run(now);
      if (said !== null) this.#done.push(said);
    } catch (error) {
      this.#problems.push(`${job.name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.#running.delete(job.name);
    }
  }
}
