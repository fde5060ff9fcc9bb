/** Says which price moved. */
import { decimalsFor, formatAmount } from "./format-amount.ts";
import { workerWords } from "./place-words.ts";
import { TOKEN_KINDS, type TokenKind } from "./price-sum.ts";
import { type CellSplit, callTokens } from "./split-cells.ts";

const KINDS: Readonly<Record<TokenKind, string>> = {
  fresh: "input tokens",
  cacheRead: "input tokens read from a cache",
  cacheWrite: "input tokens written to a cache",
  visible: "output tokens",
  reasoning: "reasoning tokens",
};

const PER_MILLION = 1e6;

/** The price whose change moved the cost of a call most. */
export function priceWords({ before, after, worker }: CellSplit, currency: string): string {
  const tokens = callTokens(after);
  const effects = TOKEN_KINDS.map((kind) => ({
    what: `${KINDS[kind]} of ${workerWords(worker)}`,
    per: "per million",
    before: before.prices[kind] * PER_MILLION,
    after: after.prices[kind] * PER_MILLION,
    effect: Math.abs(after.prices[kind] - before.prices[kind]) * tokens[kind],
  }));
  const calls = {
    what: `${worker.stated ? "the cost that the application states for" : "calls of"} ${workerWords(worker)}`,
    per: "per call",
    before: before.callPrice,
    after: after.callPrice,
    effect: Math.abs(after.callPrice - before.callPrice),
  };
  const most = effects.reduce((top, one) => (one.effect > top.effect ? one : top), calls);
  const decimals = Math.max(decimalsFor(most.before), decimalsFor(most.after));
  const money = (amount: number): string => formatAmount(amount, { currency, decimals });
  const verb = most.after >= most.before ? "rose" : "fell";
  return `price: ${most.what} ${verb} from ${money(most.before)} to ${money(most.after)} ${most.per}`;
}
