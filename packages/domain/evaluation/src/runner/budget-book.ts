/** Keeps a run within its budget: what a call may cost at most is set aside before it is made. */
import type { Money, RunBudget, RunEnd } from "./run-plan.ts";

/** What calls use, or may use at most. */
export interface Use {
  /** In the currency of the budget; 0 where no money is limited. */
  readonly money: number;
  readonly tokens: number;
}

const NOTHING: Use = { money: 0, tokens: 0 };

/** Something set aside; given back once, against what was used. */
export interface Reservation {
  readonly isSettled: boolean;
  settle(used: Use): void;
}

export interface BudgetParts {
  readonly budget: RunBudget;
  /** Monotone milliseconds. */
  readonly elapsed: () => number;
}

export type Ended = Exclude<RunEnd, { readonly kind: "complete" }>;

/**
 * Sets aside before and settles after, so the sum of what was used and what is under way never exceeds the
 * budget as long as no call exceeds its own bound. What does not fit waits for calls under way to settle,
 * since most use less than was set aside for them; when none is under way the budget is at its end.
 */
export class BudgetBook {
  readonly #parts: BudgetParts;
  readonly #since: number;
  #used = NOTHING;
  #reserved = NOTHING;
  #open = 0;
  #longest = 0;
  #ended: Ended | null = null;
  readonly #waiting: (() => void)[] = [];

  constructor(parts: BudgetParts) {
    this.#parts = parts;
    this.#since = parts.elapsed();
  }

  /** Why nothing is set aside any more; null while it is. */
  get ended(): Ended | null {
    return this.#ended;
  }

  get used(): Use {
    return this.#used;
  }

  /** Nothing is set aside any more; the first reason stands. */
  end(why: Ended): void {
    this.#ended ??= why;
    this.#wake();
  }

  /** How long an answer took, in milliseconds: none is begun that would hardly end in time. */
  took(milliseconds: number): void {
    this.#longest = Math.max(this.#longest, milliseconds);
  }

  /** The end of the time that there was; null before it. */
  overTime(): Ended | null {
    const { milliseconds } = this.#parts.budget;
    const elapsed = this.#parts.elapsed() - this.#since;
    if (milliseconds === null || elapsed + this.#longest <= milliseconds) return null;
    return { kind: "budget", limit: "time", why: `${Math.round(elapsed)} of ${milliseconds} ms are over` };
  }

  /** Sets aside what these calls may use at most, for all of them or for none; undefined when the run is at its end. */
  async reserve(calls: readonly Use[]): Promise<readonly Reservation[] | undefined> {
    const most = calls.reduce(plus, NOTHING);
    while (this.#ended === null) {
      const late = this.overTime();
      const short = late ?? this.#shortOf(most);
      if (short === null) return calls.map((call) => this.#take(call));
      if (late !== null || this.#open === 0) this.end(short);
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return undefined;
  }

  #shortOf(most: Use): Ended | null {
    const { money, tokens } = this.#parts.budget;
    if (money !== null && this.#used.money + this.#reserved.money + most.money > money.amount) {
      return { kind: "budget", limit: "money", why: this.#sentence(money, most.money) };
    }
    if (tokens !== null && this.#used.tokens + this.#reserved.tokens + most.tokens > tokens) {
      const why = `${this.#used.tokens} of ${tokens} tokens are used, and the next calls may take ${most.tokens}`;
      return { kind: "budget", limit: "tokens", why };
    }
    return null;
  }

  #sentence({ amount, currency }: Money, next: number): string {
    const shown = (value: number): string => Number(value.toPrecision(3)).toString();
    return `${shown(this.#used.money)} of ${amount} ${currency} are spent, and the next calls may cost ${shown(next)}`;
  }

  #take(most: Use): Reservation {
    this.#reserved = plus(this.#reserved, most);
    this.#open += 1;
    let settled = false;
    return {
      get isSettled() {
        return settled;
      },
      settle: (used) => {
        if (settled) return;
        settled = true;
        this.#open -= 1;
        this.#reserved = this.#open === 0 ? NOTHING : minus(this.#reserved, most);
        this.#used = plus(this.#used, used);
        this.#wake();
      },
    };
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function plus(a: Use, b: Use): Use {
  return { money: a.money + b.money, tokens: a.tokens + b.tokens };
}

function minus(a: Use, b: Use): Use {
  return { money: a.money - b.money, tokens: a.tokens - b.tokens };
}
