/** The lease by which one of several watchers acts, and by which everybody sees whether one does. */
import type { EpochMs } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";

const JOB = "delivery";
/** A watcher that says nothing for so long has ended, or hangs: another takes over. */
const LEASE_MS = 5_000;

export class WatchLease {
  readonly #harness: Harness;
  readonly #holder: string;

  constructor(harness: Harness) {
    this.#harness = harness;
    this.#holder = harness.ids.next();
  }

  /** Takes or renews it; false while another watcher has it. */
  take(): Promise<boolean> {
    const { coordination, clock } = this.#harness;
    return coordination.takeLease(JOB, this.#holder, clock.now() + LEASE_MS);
  }

  /** Lets another watcher begin at once. */
  release(): Promise<void> {
    return this.#harness.coordination.releaseLease(JOB, this.#holder);
  }
}

/** Until when a watcher is known to act; null where nobody watches. */
export async function watchedUntil({ coordination }: Harness): Promise<EpochMs | null> {
  return (await coordination.findLease(JOB))?.until ?? null;
}
