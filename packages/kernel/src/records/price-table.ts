/** A table of negotiated prices: what a person wrote down, read strictly and kept as it is. */
import type { EpochMs } from "../clock.ts";

interface PriceScope {
  /** `provider/model`, each of them with `*` for any run of characters. */
  readonly model: string;
  /** First millisecond, inclusive; null from ever on. */
  readonly since: EpochMs | null;
  /** Last millisecond, exclusive; null for ever. */
  readonly until: EpochMs | null;
}

/** Prices per million tokens; null for a kind without a price of its own, as in `TokenPrices`. */
export interface FixedPrice extends PriceScope {
  readonly kind: "fixed";
  /** ISO 4217, upper case. */
  readonly currency: string;
  readonly input: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
  /** Per call, not per million. */
  readonly call: number;
}

/** The list price times a factor, in the list's currency: 0.85 for a discount of 15 %. */
export interface ListFactor extends PriceScope {
  readonly kind: "factor";
  readonly factor: number;
}

/** Of the entries that match a model at a time the first counts. */
export type PriceEntry = FixedPrice | ListFactor;

/** The content that a price table's hash is taken over. */
export interface PriceTable {
  readonly prices: readonly PriceEntry[];
}
