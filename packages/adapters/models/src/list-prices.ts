/** The list prices of the providers, as the price library knows them by date and size of the input. */
import { createHash } from "node:crypto";
import type { EpochMs, PriceBook, PricedModel, PriceSource, TokenPrices } from "@colophon/kernel";
import type { ConditionalPrice, ModelInfo, ModelPrice, TimeOfDateConstraint } from "@pydantic/genai-prices";

type Library = typeof import("@pydantic/genai-prices");

const DAY_MS = 86_400_000;
const PER_MILLION = 1e6;

export interface ListPrices extends PriceBook {
  readonly source: PriceSource;
}

/**
 * A price book over `@pydantic/genai-prices`, in US dollars. Its data is large, so it is loaded when
 * prices are asked for and not before; nothing is fetched over the network. A model is looked up at the
 * provider that runs the endpoint's host, and only where no provider is known by that host, at the named
 * one; by the answering model's name, and where that is not listed by the requested one's.
 */
export async function loadListPrices(): Promise<ListPrices> {
  const library = await import("@pydantic/genai-prices");
  const data = (await library.waitForUpdate()) ?? [];
  const hash = createHash("sha256").update(JSON.stringify(data)).digest("hex");
  return listPrices(library, { kind: "list", name: "@pydantic/genai-prices", hash });
}

function listPrices(library: Library, source: PriceSource): ListPrices {
  const listed = remembered((model: PricedModel) => findListed(library, model), modelName);
  return {
    source,
    priceOf(question) {
      const found = listed(question);
      const prices = found?.priceAt(question.at);
      return prices && tokenPrices(prices, { inputTokens: question.inputTokens ?? 0, source });
    },
    changes(span) {
      const prices = listed(span)?.model.prices;
      if (!Array.isArray(prices)) return [];
      const times = new Set(prices.flatMap(({ constraint }) => changesOf(constraint, span)));
      return [...times].sort((a, b) => a - b);
    },
  };
}

interface Listed {
  readonly model: ModelInfo;
  priceAt(at: EpochMs): ModelPrice | undefined;
}

function findListed(library: Library, model: PricedModel): Listed | undefined {
  const provider = providerOf(library, model);
  if (provider === undefined) return undefined;
  const names = [model.answeringModel, model.requestedModel].filter((name) => name !== null && name !== "");
  for (const name of names as readonly string[]) {
    const look = (timestamp: Date) => library.calcPrice({}, name, { providerId: provider, timestamp });
    const found = look(new Date(0));
    if (found === null) continue;
    const priceAt = remembered((at: EpochMs) => look(new Date(at))?.model_price, String);
    return { model: found.model, priceAt };
  }
  return undefined;
}

function providerOf(library: Library, { host, provider }: PricedModel): string | undefined {
  const byHost = host === null ? undefined : library.findProvider({ providerApiUrl: `https://${host}` });
  return (byHost ?? (provider === "" ? undefined : library.findProvider({ providerId: provider })))?.id;
}

function tokenPrices(
  prices: ModelPrice,
  of: { readonly inputTokens: number; readonly source: PriceSource },
): TokenPrices {
  const price = (key: string): number | null => {
    const found = prices[key];
    if (found === undefined) return null;
    if (typeof found === "number") return found / PER_MILLION;
    const tiers = found.tiers.filter(({ start }) => of.inputTokens > start);
    const highest = tiers.reduce<(typeof tiers)[number] | undefined>(
      (top, tier) => (top === undefined || tier.start > top.start ? tier : top),
      undefined,
    );
    return (highest?.price ?? found.base) / PER_MILLION;
  };
  const thousandCalls = prices.requests_kcount;
  return {
    currency: "USD",
    input: price("input_mtok"),
    cacheRead: price("cache_read_mtok"),
    cacheWrite: price("cache_write_mtok"),
    output: price("output_mtok"),
    reasoning: price("output_reasoning_mtok"),
    call: typeof thousandCalls === "number" ? thousandCalls / 1_000 : 0,
    sources: [of.source],
  };
}

interface Span {
  readonly since: EpochMs;
  readonly until: EpochMs;
}

function changesOf(constraint: ConditionalPrice["constraint"], span: Span): readonly EpochMs[] {
  if (constraint === undefined) return [];
  const within = (at: EpochMs): boolean => at > span.since && at < span.until;
  if (constraint.type === "start_date") return [Date.parse(constraint.start_date)].filter(within);
  return timesOfDay(constraint).flatMap((time) => {
    const times: EpochMs[] = [];
    for (let day = Math.floor(span.since / DAY_MS) * DAY_MS; day < span.until; day += DAY_MS) {
      if (within(day + time)) times.push(day + time);
    }
    return times;
  });
}

/** Milliseconds after midnight (UTC), for a price that holds from one time of the day to another. */
function timesOfDay({ start_time, end_time }: TimeOfDateConstraint): readonly number[] {
  return [start_time, end_time].map((time) => {
    const at = Date.parse(`1970-01-01T${time}`);
    return ((at % DAY_MS) + DAY_MS) % DAY_MS;
  });
}

function modelName({ provider, requestedModel, answeringModel, host }: PricedModel): string {
  return JSON.stringify([provider, requestedModel, answeringModel, host]);
}

/** The same answer to the same question, worked out once: a report asks for each of its sums. */
function remembered<Q, A>(answer: (question: Q) => A, nameOf: (question: Q) => string): (question: Q) => A {
  const known = new Map<string, A>();
  return (question) => {
    const name = nameOf(question);
    if (!known.has(name)) known.set(name, answer(question));
    return known.get(name) as A;
  };
}
