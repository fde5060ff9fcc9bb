/** Shows what a model's tokens cost now, or what those of the models that were called lately do. */
import {
  INPUT_BANDS,
  modelChoice,
  type PriceBook,
  type PricedModel,
  type PriceSource,
  type TokenPrices,
} from "@colophon/kernel";
import type { Harness } from "../harness.ts";
import { openPrices, type PriceText } from "./house-prices.ts";

/** Prices per million tokens; null for a kind without a price of its own, and all of them for a model without a price. */
export interface ModelPriceRow {
  /** `provider/model`. */
  readonly model: string;
  /** The endpoint's host; null where none is meant. */
  readonly host: string | null;
  /** For calls with so many input tokens or more, until the next row of the model. */
  readonly from: number;
  readonly currency: string | null;
  readonly input: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
  /** Per call. */
  readonly call: number | null;
  readonly tables: readonly PriceSource[];
}

export interface ShowPricesQuery {
  /** `provider/model`, or a name that tells its provider; the models of the last 30 days when absent. */
  readonly model?: string;
  /** Prices that come before all others, in place of the file beside the store. */
  readonly prices?: PriceText;
}

const MONTH_MS = 30 * 86_400_000;

/**
 * One row for each size of input that has a price of its own.
 *
 * @throws HarnessError `prompt-invalid` for a model that is none, `input-malformed` or `time-invalid` for a
 * price file.
 * @example
 * const [price] = await showPrices(harness, { model: "openai/gpt-5-mini" });
 */
export async function showPrices(
  harness: Harness,
  query: ShowPricesQuery,
): Promise<readonly ModelPriceRow[]> {
  const { book } = await openPrices(harness, query.prices);
  const at = harness.clock.now();
  const models = query.model === undefined ? await calledModels(harness, at) : [asked(query.model)];
  return models.flatMap((model) => rowsOf(model, book, at));
}

function asked(text: string): PricedModel {
  const { provider, id } = modelChoice(text);
  return { provider, requestedModel: id, answeringModel: null, host: null };
}

async function calledModels({ ledger }: Harness, now: number): Promise<readonly PricedModel[]> {
  const sums = await ledger.listRollups({ since: now - MONTH_MS, until: now + 1, by: "window" });
  const models = new Map<string, PricedModel>();
  for (const { provider, requestedModel, answeringModel, host, currency } of sums) {
    // What the application states the cost of needs no price.
    if (currency !== null) continue;
    const model = { provider, requestedModel, answeringModel, host };
    models.set(`${nameOf(model)} ${host}`, model);
  }
  return [...models].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, model]) => model);
}

function nameOf({ provider, requestedModel, answeringModel }: PricedModel): string {
  return `${provider}/${answeringModel ?? requestedModel}`;
}

function rowsOf(model: PricedModel, book: PriceBook, at: number): readonly ModelPriceRow[] {
  const rows: ModelPriceRow[] = [];
  for (const from of INPUT_BANDS) {
    const row = rowOf(model, from, book.priceOf({ ...model, at, inputTokens: from }));
    if (!isSamePrice(row, rows.at(-1))) rows.push(row);
  }
  return rows;
}

function rowOf(model: PricedModel, from: number, prices: TokenPrices | undefined): ModelPriceRow {
  return {
    model: nameOf(model),
    host: model.host,
    from,
    currency: prices?.currency ?? null,
    input: perMillion(prices?.input),
    cacheRead: perMillion(prices?.cacheRead),
    cacheWrite: perMillion(prices?.cacheWrite),
    output: perMillion(prices?.output),
    reasoning: perMillion(prices?.reasoning),
    call: prices?.call ?? null,
    tables: prices?.sources ?? [],
  };
}

/** Without the digits that only dividing and multiplying brought in. */
function perMillion(price: number | null | undefined): number | null {
  return price == null ? null : Number((price * 1e6).toPrecision(12));
}

function isSamePrice(row: ModelPriceRow, before: ModelPriceRow | undefined): boolean {
  return (
    before !== undefined && JSON.stringify({ ...row, from: 0 }) === JSON.stringify({ ...before, from: 0 })
  );
}
