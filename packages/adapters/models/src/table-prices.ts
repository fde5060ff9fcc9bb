/** Negotiated prices in front of list prices: the first entry that matches a model at a time. */
import type {
  EpochMs,
  FixedPrice,
  PriceBook,
  PricedModel,
  PriceEntry,
  PriceSource,
  PriceTable,
  TokenPrices,
} from "@colophon/kernel";

const PER_MILLION = 1e6;

/** A table with the name under which reports tell it. */
export interface NamedTable {
  readonly table: PriceTable;
  readonly source: PriceSource;
}

export interface BooksBehind {
  /** What a factor refers to. */
  readonly list: PriceBook;
  /** Who is asked about a model that the table does not name. */
  readonly next: PriceBook;
}

/** The prices of a table; a model that it does not name is priced by the book behind it. */
export function tablePrices({ table, source }: NamedTable, { list, next }: BooksBehind): PriceBook {
  return {
    priceOf(question) {
      const entry = table.prices.find((one) => isInForce(one, question.at) && isMeant(one, question));
      if (entry === undefined) return next.priceOf(question);
      if (entry.kind === "fixed") return fixedPrices(entry, source);
      const listed = list.priceOf(question);
      return listed && times(listed, { factor: entry.factor, source });
    },
    changes(span) {
      const bounds = table.prices
        .filter((one) => isMeant(one, span))
        .flatMap((one) => [one.since, one.until]);
      const own = bounds.filter((at) => at !== null && at > span.since && at < span.until);
      return ascending([...(own as readonly EpochMs[]), ...list.changes(span), ...next.changes(span)]);
    },
  };
}

export function ascending(times: readonly EpochMs[]): readonly EpochMs[] {
  return [...new Set(times)].sort((a, b) => a - b);
}

function isInForce({ since, until }: PriceEntry, at: EpochMs): boolean {
  return (since === null || since <= at) && (until === null || at < until);
}

function isMeant({ model }: PriceEntry, { provider, requestedModel, answeringModel }: PricedModel): boolean {
  const names = answeringModel === null ? [requestedModel] : [answeringModel, requestedModel];
  return names.some((name) => matchesPattern(`${provider}/${name}`, model));
}

/** `*` stands for any run of characters; letters of either case are the same. */
function matchesPattern(name: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.toLowerCase().split("*");
  const text = name.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.slice(first.length).endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function fixedPrices(entry: FixedPrice, source: PriceSource): TokenPrices {
  const perToken = (price: number | null): number | null => (price === null ? null : price / PER_MILLION);
  const { currency, call } = entry;
  return {
    currency,
    input: perToken(entry.input),
    cacheRead: perToken(entry.cacheRead),
    cacheWrite: perToken(entry.cacheWrite),
    output: perToken(entry.output),
    reasoning: perToken(entry.reasoning),
    call,
    sources: [source],
  };
}

function times(
  listed: TokenPrices,
  { factor, source }: { readonly factor: number; readonly source: PriceSource },
): TokenPrices {
  const scaled = (price: number | null): number | null => (price === null ? null : price * factor);
  return {
    currency: listed.currency,
    input: scaled(listed.input),
    cacheRead: scaled(listed.cacheRead),
    cacheWrite: scaled(listed.cacheWrite),
    output: scaled(listed.output),
    reasoning: scaled(listed.reasoning),
    call: listed.call * factor,
    sources: [source, ...listed.sources],
  };
}
