/** The lease by which others know that a drill's process lives. */
import type { Harness } from "../harness.ts";

/** A drill renews it at every look, so another process may finish what was cut off this long after. */
const LEASE_MS = 3_000;

export class DrillLease {
  readonly #harness: Harness;
  readonly #job: string;
  readonly #holder: string;
  #until: number;

  private constructor(harness: Harness, { job, holder }: { readonly job: string; readonly holder: string }) {
    this.#harness = harness;
    this.#job = job;
    this.#holder = holder;
    this.#until = harness.clock.now() + LEASE_MS;
  }

  /** Null while another process has it. */
  static async take(harness: Harness, drill: string): Promise<DrillLease | null> {
    const lease = new DrillLease(harness, { job: `drill ${drill}`, holder: harness.ids.next() });
    return (await lease.#take()) ? lease : null;
  }

  #take(): Promise<boolean> {
    return this.#harness.coordination.takeLease(this.#job, this.#holder, this.#until);
  }

  /** Renews it once half of it is over. */
  async keep(): Promise<void> {
    const now = this.#harness.clock.now();
    if (this.#until - now > LEASE_MS / 2) return;
    this.#until = now + LEASE_MS;
    await this.#take();
  }

  release(): Promise<void> {
    return this.#harness.coordination.releaseLease(this.#job, this.#holder);
  }
}
