/** Counts what the shadow calls of a rollout cost, and says when the next ones could exceed their budget. */
import type { CostOf, ShadowReading } from "@colophon/delivery";
import type { EpochMs, Execution, ShadowStage } from "@colophon/kernel";

export type ShadowSpent = Pick<ShadowReading, "calls" | "spent" | "exhausted">;

/** Until a record is made and every process follows it, calls go on starting. */
const FOLLOW_MS = 3_000;
/** The traffic of such a stretch may be so many times that of the busiest one so far. */
const SURGE = 2;

/**
 * Stops ahead of the budget: what may still be on its way, or begin before every process has heard, is
 * held back at the price of the dearest call so far. Calls that cannot be priced exhaust a budget of
 * money at once, since nobody could say what is left of it.
 */
export class ShadowSpending {
  readonly #costOf: CostOf;
  readonly #stage: ShadowStage;
  #calls = 0;
  #unpriced = 0;
  #amount = 0;
  #dearest = 0;
  /** Starts within `FOLLOW_MS` of the last row, and the most that ever were. */
  #recent: EpochMs[] = [];
  #busiest = 0;
  #shortest = Number.POSITIVE_INFINITY;

  constructor(stage: ShadowStage, costOf: CostOf) {
    this.#stage = stage;
    this.#costOf = costOf;
  }

  add(row: Execution): void {
    this.#calls += 1;
    this.#recent = this.#recent.filter((at) => at > row.at - FOLLOW_MS);
    this.#recent.push(row.at);
    this.#busiest = Math.max(this.#busiest, this.#recent.length);
    this.#shortest = Math.min(this.#shortest, Math.max(1, row.latency));
    const cost = this.#costOf(row);
    const { budget } = this.#stage;
    if (cost === null || (budget !== null && cost.currency !== budget.currency)) {
      // A call that failed before it used a token has cost nothing that a provider would bill.
      if (row.status === "ok" || row.tokens.input !== null) this.#unpriced += 1;
      return;
    }
    this.#amount += cost.amount;
    this.#dearest = Math.max(this.#dearest, cost.amount);
  }

  /**
   * `processes` may each have as many calls in flight as the stage lets one have. Prompts that move together,
   * `others` being the rest of them, spend out of one budget.
   */
  reading({
    processes,
    others = [],
  }: {
    readonly processes: number;
    readonly others?: readonly ShadowSpending[];
  }): ShadowSpent {
    const { budget, calls: most } = this.#stage;
    const all = [this, ...others];
    const sum = (of: (one: ShadowSpending) => number): number => all.reduce((so, one) => so + of(one), 0);
    const calls = sum((one) => one.#calls);
    const callsOut = calls + sum((one) => one.#coming(processes)) > most;
    if (budget === null) return { calls, spent: null, exhausted: callsOut };
    const amount = sum((one) => one.#amount);
    const isUnpriced = all.some((one) => one.#unpriced > 0);
    const reserve = sum((one) => one.#coming(processes) * one.#dearest);
    const spent = isUnpriced ? null : { amount, currency: budget.currency };
    return { calls, spent, exhausted: callsOut || isUnpriced || amount + reserve > budget.amount };
  }

  /** Calls that may have begun, or begin, before every process has followed a record that ends them. */
  #coming(processes: number): number {
    const slots = this.#stage.concurrency * Math.max(1, processes);
    const most = slots * Math.ceil(FOLLOW_MS / this.#shortest);
    return slots + Math.min(most, SURGE * this.#busiest);
  }
}
