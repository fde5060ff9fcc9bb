/** What a sum of calls cost: priced by its tokens, as the application stated it, or not known. */
import type { CostSums, EpochMs, PriceBook, PriceSource, RollupKey, TokenPrices } from "@colophon/kernel";

/** Kinds of tokens that a price tells apart; together they are all input and all output. */
export const TOKEN_KINDS = ["fresh", "cacheRead", "cacheWrite", "visible", "reasoning"] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** A number for each kind of token: tokens, prices per token or amounts. */
export type ByKind = Readonly<Record<TokenKind, number>>;

/** What a price depends on, and what it is multiplied by. */
export interface CostSum
  extends Pick<RollupKey, "provider" | "requestedModel" | "answeringModel" | "host" | "band" | "currency">,
    CostSums {}

/** Amounts are in units of `currency`. */
export type Cost =
  | {
      readonly kind: "priced";
      readonly currency: string;
      readonly amount: number;
      readonly tokens: ByKind;
      /** Per token, with the price of another kind where one has none of its own. */
      readonly prices: ByKind;
      /** Per call, beside its tokens. */
      readonly callPrice: number;
      /** Calls that the amount is for: those whose provider named tokens. */
      readonly billed: number;
      readonly sources: readonly PriceSource[];
    }
  | { readonly kind: "stated"; readonly currency: string; readonly amount: number }
  | { readonly kind: "unpriced" };

/** A sum and what it cost. */
export interface Priced<S extends CostSum = CostSum> {
  readonly sum: S;
  readonly cost: Cost;
}

const NANO = 1e9;

/**
 * Prices a sum whose calls all lie where the price does not change: between two `changes` of the book,
 * `at` among them, and in one size band. A cost that the application stated counts as it is. Calls
 * whose provider named no tokens are not part of the amount.
 */
export function priceSum(
  sum: CostSum,
  { book, at }: { readonly book: PriceBook; readonly at: EpochMs },
): Cost {
  if (sum.currency !== null) return { kind: "stated", currency: sum.currency, amount: sum.stated / NANO };
  const { provider, requestedModel, answeringModel, host, band } = sum;
  const listed = book.priceOf({ provider, requestedModel, answeringModel, host, at, inputTokens: band });
  const tokens = tokensByKind(sum);
  if (listed === undefined || lacksPrice(listed, tokens)) return { kind: "unpriced" };
  const prices = pricesByKind(listed);
  const billed = sum.calls - sum.uncounted;
  const amount = TOKEN_KINDS.reduce((all, kind) => all + tokens[kind] * prices[kind], billed * listed.call);
  const { currency, call: callPrice, sources } = listed;
  return { kind: "priced", currency, amount, tokens, prices, callPrice, billed, sources };
}

/** Cached tokens are part of the input and reasoning is part of the output, so each is counted once. */
export function tokensByKind(sums: CostSums): ByKind {
  const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, reasoningTokens } = sums;
  return {
    // A provider that counts more cached tokens than input leaves none that are fresh, not less than none.
    fresh: Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens),
    cacheRead: cacheReadTokens,
    cacheWrite: cacheWriteTokens,
    visible: Math.max(0, outputTokens - reasoningTokens),
    reasoning: reasoningTokens,
  };
}

function pricesByKind({ input, cacheRead, cacheWrite, output, reasoning }: TokenPrices): ByKind {
  return {
    fresh: input ?? 0,
    cacheRead: cacheRead ?? input ?? 0,
    cacheWrite: cacheWrite ?? input ?? 0,
    visible: output ?? 0,
    reasoning: reasoning ?? output ?? 0,
  };
}

/** Whether there are tokens that neither their own price nor the one in its place is given for. */
function lacksPrice(prices: TokenPrices, tokens: ByKind): boolean {
  const { input, cacheRead, cacheWrite, output, reasoning } = prices;
  const known = input !== null || output !== null || prices.call > 0;
  return (
    !known ||
    (input === null && tokens.fresh > 0) ||
    ((cacheRead ?? input) === null && tokens.cacheRead > 0) ||
    ((cacheWrite ?? input) === null && tokens.cacheWrite > 0) ||
    (output === null && tokens.visible > 0) ||
    ((reasoning ?? output) === null && tokens.reasoning > 0)
  );
}
