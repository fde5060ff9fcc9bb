/** Adds up what calls used. */
import type { TokenUsage } from "@colophon/kernel";
import type { Money } from "./run-plan.ts";
import type { Spent } from "./run-ports.ts";

export class SpentSums {
  #calls = 0;
  #cached = 0;
  #retries = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #unpriced = 0;
  readonly #money = new Map<string, number>();

  answered(tokens: TokenUsage, cost: Money | null): void {
    this.#calls += 1;
    this.#inputTokens += tokens.input ?? 0;
    this.#outputTokens += tokens.output ?? 0;
    if (cost === null) this.#unpriced += 1;
    else this.#money.set(cost.currency, (this.#money.get(cost.currency) ?? 0) + cost.amount);
  }

  cached(): void {
    this.#cached += 1;
  }

  retried(): void {
    this.#retries += 1;
  }

  spent(): Spent {
    return {
      calls: this.#calls,
      cached: this.#cached,
      retries: this.#retries,
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      money: [...this.#money].map(([currency, amount]) => ({ amount, currency })),
      unpriced: this.#unpriced,
    };
  }
}
