/** How many repeats a process may make: of each rollout so many in all, and so many at once. */
import type { ShadowPlan } from "@colophon/kernel";
import type { ShadowCounts } from "./shadower.ts";

type Limits = Pick<ShadowPlan, "rollout" | "calls" | "concurrency">;

interface Use {
  sent: number;
  running: number;
}

/** Counts by rollout, for as long as the process lives. */
export class ShadowBudget {
  readonly #uses = new Map<string, Use>();
  #sent = 0;
  #skipped = 0;

  isSpent({ rollout, calls }: Limits): boolean {
    return (this.#uses.get(rollout)?.sent ?? 0) >= calls;
  }

  /** False where as many as may be are under way: nothing waits for its turn. */
  take(limits: Limits): boolean {
    const use = this.#uses.get(limits.rollout) ?? { sent: 0, running: 0 };
    if (this.isSpent(limits) || use.running >= limits.concurrency) {
      this.#skipped += 1;
      return false;
    }
    use.sent += 1;
    use.running += 1;
    this.#sent += 1;
    this.#uses.set(limits.rollout, use);
    return true;
  }

  giveBack({ rollout }: Limits): void {
    const use = this.#uses.get(rollout);
    if (use !== undefined) use.running -= 1;
  }

  counts(): ShadowCounts {
    return { sent: this.#sent, skipped: this.#skipped };
  }
}
