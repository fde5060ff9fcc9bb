/** The port of prices: what a model's tokens cost at a time, and when that may change. */
import type { EpochMs } from "../clock.ts";

/** Which model, as a ledger row names it. */
export interface PricedModel {
  readonly provider: string;
  readonly requestedModel: string;
  readonly answeringModel: string | null;
  /** The endpoint's host; who runs it sends the bill, whoever made the model. */
  readonly host: string | null;
}

export interface PriceQuestion extends PricedModel {
  readonly at: EpochMs;
  /**
   * Input tokens of one call, cached ones included: some lists charge more per token for long inputs.
   * Any number of the row's size band gives the same price; null, where the provider named none, is
   * priced as a short input.
   */
  readonly inputTokens: number | null;
}

/** Where a price stands, by the hash of that list or table. */
export interface PriceSource {
  readonly kind: "list" | "table" | "working-copy";
  readonly name: string;
  /** SHA-256 (hex) over its content. */
  readonly hash: string;
}

/** Prices per single token, in units of `currency`; never per thousand or million. */
export interface TokenPrices {
  /** ISO 4217, upper case. */
  readonly currency: string;
  /** Fresh input: neither read from a cache nor written to one. Null: calls with such tokens are unpriced. */
  readonly input: number | null;
  /** Input read from a cache; null: priced as fresh input. */
  readonly cacheRead: number | null;
  /** Input written to a cache; null: priced as fresh input. */
  readonly cacheWrite: number | null;
  /** Output that is no reasoning. Null: calls with such tokens are unpriced. */
  readonly output: number | null;
  /** Reasoning, where it has a price of its own; null: priced as other output. */
  readonly reasoning: number | null;
  /** What each call costs beside its tokens; 0 for nearly all models. */
  readonly call: number;
  /** What the price was read from: one list or table, or a table and the list that it refers to. */
  readonly sources: readonly PriceSource[];
}

export interface PriceSpan extends PricedModel {
  /** First millisecond, inclusive. */
  readonly since: EpochMs;
  /** Last millisecond, exclusive. */
  readonly until: EpochMs;
}

/** Synchronous and pure: whoever fills it has read its lists and tables before. */
export interface PriceBook {
  /** Undefined for a model that nobody named a price for; its calls are unpriced, never free. */
  priceOf(question: PriceQuestion): TokenPrices | undefined;
  /**
   * Times strictly within the span at which the model's price may change, ascending. Between two
   * neighbours the price is the same at every moment.
   */
  changes(span: PriceSpan): readonly EpochMs[];
}
