/** Lists what calls cost, by what people ask for. */
import {
  type AmountShare,
  type CostGroup,
  type CostSum,
  type CostTokens,
  groupCosts,
  type Priced,
  type UnpricedCosts,
} from "@colophon/delivery";
import { type EpochMs, HarnessError, type PriceSource, type Pseudonym, type Purpose } from "@colophon/kernel";
import { checkEnvironment } from "../environments.ts";
import type { Harness } from "../harness.ts";
import { readNames } from "../read-names.ts";
import { openPrices, type PriceText } from "./house-prices.ts";
import { pricedRollups, pricedTenantRollups } from "./priced-sums.ts";

/** What costs can be told apart by. */
export const COST_DIMENSIONS = ["prompt", "version", "model", "owner", "tenant", "purpose"] as const;
export type CostDimension = (typeof COST_DIMENSIONS)[number];

export interface CostsQuery {
  /** Midnight (UTC) 30 days before `until` unless given. */
  readonly since?: EpochMs;
  /** Exclusive; just after now unless given. */
  readonly until?: EpochMs;
  readonly environment?: string;
  /** By prompt unless given. A version is one of a prompt, so `version` says the prompt too. */
  readonly by?: readonly CostDimension[];
  /** Prices that come before all others, in place of the file beside the store. */
  readonly prices?: PriceText;
}

/** The dimensions that were asked for, and what they cost. */
export type CostRow = Readonly<Partial<Record<CostDimension, string | number | null>>> & {
  readonly calls: number;
  readonly tokens: CostTokens;
  /** In each currency; empty where nothing is priced. */
  readonly amounts: readonly AmountShare[];
  readonly unpriced: UnpricedCosts;
  /** The lists and tables that priced it, by hash. */
  readonly tables: readonly PriceSource[];
};

/** A model without a price, and the calls that are unpriced for it. */
export interface UnpricedModel {
  readonly model: string;
  readonly calls: number;
}

export interface CostReport {
  /** ISO 8601; `until` is exclusive. */
  readonly since: string;
  readonly until: string;
  readonly environment: string | null;
  readonly by: readonly CostDimension[];
  /** The largest share first. */
  readonly rows: readonly CostRow[];
  /** All rows together. */
  readonly total: Omit<CostRow, CostDimension>;
  /** The most calls first. */
  readonly unpricedModels: readonly UnpricedModel[];
  /** The file that priced before all records, and is in none of them. */
  readonly workingCopy: string | null;
}

const DAY_MS = 86_400_000;
const MONTH_DAYS = 30;

/**
 * What was spent in a window. Rows keep tokens alone, so a corrected price table prices the past anew.
 * Models without a price and calls without tokens are counted apart, and never as nothing.
 *
 * @throws HarnessError `usage`, `environment-unknown` where no row and no record knows it, `input-malformed`
 * or `time-invalid` for a price file.
 * @example
 * const { rows, total } = await listCosts(harness, { by: ["prompt", "model"] });
 */
export async function listCosts(harness: Harness, query: CostsQuery): Promise<CostReport> {
  const until = query.until ?? harness.clock.now() + 1;
  // Whole days are kept as sums; the day that would be cut off has its rows read one by one.
  const since = query.since ?? (Math.floor(until / DAY_MS) - MONTH_DAYS) * DAY_MS;
  if (since >= until) {
    throw new HarnessError(
      "usage",
      `Costs from ${new Date(since).toISOString()} until ${new Date(until).toISOString()} are of no time at all; begin before the end.`,
    );
  }
  const by = dimensionsOf(query.by ?? ["prompt"]);
  const { environment } = query;
  const scope = { since, until, ...(environment === undefined ? {} : { environment }) };
  const { book, workingCopy } = await openPrices(harness, query.prices);
  const detail = by.includes("prompt") || by.includes("owner") ? "version" : "model";
  const priced: readonly Priced<DimensionedSum>[] = by.includes("tenant")
    ? await pricedTenantRollups(harness, { ...scope, detail }, book)
    : await pricedRollups(harness, scope, book);
  if (priced.length === 0 && environment !== undefined) await checkEnvironment(harness, environment);
  const groups = groupCosts<DimensionedSum>(priced, await valuesBy(harness, by, priced));
  const [total] = groupCosts(priced, () => []);
  return {
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    environment: environment ?? null,
    by,
    rows: groups.map((group) => rowOf(group, by)),
    total: total === undefined ? NOTHING : rowOf(total, []),
    unpricedModels: unpricedModels(priced),
    workingCopy: workingCopy?.file ?? null,
  };
}

/**
 * Reads `prompt,model` as dimensions.
 *
 * @throws HarnessError `usage`.
 * @example
 * const by = readDimensions("prompt,model", "--by");
 */
export function readDimensions(text: string, flag: string): readonly CostDimension[] {
  return readNames(text, { flag, names: COST_DIMENSIONS, what: "tell costs apart by" });
}

const NOTHING: CostReport["total"] = {
  calls: 0,
  tokens: { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: 0 },
  amounts: [],
  unpriced: { calls: 0, inputTokens: 0, outputTokens: 0 },
  tables: [],
};

interface DimensionedSum extends CostSum {
  /** Null in sums that are not kept apart by prompt, which are asked for without it alone. */
  readonly prompt: string | null;
  readonly version: number | null;
  readonly purpose: Purpose;
  readonly tenant?: Pseudonym | null;
}

/** Each once, a version with its prompt before it. */
function dimensionsOf(by: readonly CostDimension[]): readonly CostDimension[] {
  return [...new Set(by.flatMap((one) => (one === "version" ? (["prompt", "version"] as const) : [one])))];
}

async function valuesBy(
  harness: Harness,
  by: readonly CostDimension[],
  priced: readonly Priced<DimensionedSum>[],
): Promise<(sum: DimensionedSum) => readonly (string | number | null)[]> {
  const { prompts } = await harness.records.state();
  const tenants = new Set(priced.flatMap(({ sum: { tenant } }) => (tenant == null ? [] : [tenant])));
  const plain = await harness.records.listSubjects(tenants);
  const values: Readonly<Record<CostDimension, (sum: DimensionedSum) => string | number | null>> = {
    prompt: ({ prompt }) => prompt,
    version: ({ version }) => version,
    model: modelName,
    owner: ({ prompt }) => prompts.get(prompt ?? "")?.metadata?.owner ?? null,
    tenant: ({ tenant }) => (tenant == null ? null : (plain.get(tenant) ?? tenant)),
    purpose: ({ purpose }) => purpose,
  };
  return (sum) => by.map((dimension) => values[dimension](sum));
}

/** The model that answered, where one did. */
export function modelName({ provider, requestedModel, answeringModel }: CostSum): string {
  return `${provider}/${answeringModel ?? requestedModel}`;
}

function rowOf(group: CostGroup, by: readonly CostDimension[]): CostRow {
  const { values, calls, tokens, amounts, unpriced, sources } = group;
  const dimensions = Object.fromEntries(by.map((name, at) => [name, values[at] ?? null]));
  return { ...dimensions, calls, tokens, amounts, unpriced, tables: sources };
}

function unpricedModels(priced: readonly Priced[]): readonly UnpricedModel[] {
  const calls = new Map<string, number>();
  for (const { sum, cost } of priced) {
    const model = modelName(sum);
    if (cost.kind === "unpriced") calls.set(model, (calls.get(model) ?? 0) + sum.calls);
  }
  return [...calls]
    .map(([model, count]) => ({ model, calls: count }))
    .sort((a, b) => b.calls - a.calls || (a.model < b.model ? -1 : 1));
}
