/** Lists sums by what they stand for; entries that differ only in storage are added up. */
import type { Pseudonym, Rollup, TenantRollup } from "@colophon/kernel";
import { createFirstSaid } from "./first-said.ts";
import type { SqlRow } from "./sql-row.ts";
import { DAY_MS, HOUR_MS } from "./units.ts";
import type { DictionaryReader } from "./word-node.ts";

/** What stands in the tables for a call whose input tokens are unknown. */
export const UNKNOWN_BAND = -1;

/** The sums of one key, by their columns' names, while others are added to them. */
type Sums = Record<string, SqlRow[string]>;

/** Sums while rows of them are added, or taken away; all words of a row must be known when it is. */
export interface SumList {
  add(row: SqlRow, sign: 1 | -1): void;
  /** In order of time; what was taken away altogether is not there. */
  list(): readonly Sums[];
}

/** @param added the columns that are added up. */
export function createSumList(words: DictionaryReader, added: readonly string[]): SumList {
  // A version's entries may differ in the caller, a model's in fingerprint and price table.
  const same = { version: createFirstSaid(words, "version", 3), model: createFirstSaid(words, "model", 4) };
  const sums = new Map<string, Sums>();
  const nothing = Object.fromEntries(added.map((name) => [name, 0]));
  const addTo = (to: Sums, row: SqlRow, sign: 1 | -1): Sums => {
    for (const name of added) to[name] = (to[name] as number) + sign * (row[name] as number);
    return to;
  };
  return {
    add(row, sign) {
      const place = placeOf(row, same);
      const before = sums.get(place);
      if (before !== undefined) addTo(before, row, sign);
      else if (sign === 1) sums.set(place, { ...row });
      else sums.set(place, addTo({ ...row, ...nothing }, row, sign));
    },
    list: () =>
      [...sums.values()]
        .filter(({ calls }) => (calls as number) > 0)
        .sort((a, b) => (a.slot as number) - (b.slot as number)),
  };
}

/** A listed sum whose slots are `by`. */
export function rollupOf(row: SqlRow, words: DictionaryReader, by: "hour" | "day" | "window"): Rollup {
  const hoursPerSlot = by === "day" ? DAY_MS / HOUR_MS : 1;
  const place = placeWords(row, words);
  return {
    hour: by === "window" ? null : (row.slot as number) * hoursPerSlot,
    prompt: place.version[0], version: place.version[1], hash: place.version[2],
    environment: place.scope[0], lane: place.scope[1], purpose: place.scope[2],
    requestedModel: place.model[0], answeringModel: place.model[1], provider: place.model[2], host: place.model[3],
    band: row.band === UNKNOWN_BAND ? null : row.band, currency: row.currency === "" ? null : row.currency,
    calls: row.calls, inputTokens: row.input, outputTokens: row.output, reasoningTokens: row.reasoning,
    cacheReadTokens: row.cache_read, cacheWriteTokens: row.cache_write, uncounted: row.uncounted,
    retries: row.retries, traces: row.traces, stated: statedOf(row), errors: row.errors, aborted: row.aborted,
    latency: row.latency, firstToken: row.first_token, firstTokens: row.first_tokens, schemaOk: row.schema_ok,
    schemaBad: row.schema_bad, refused: row.refused,
  } as Rollup; // biome-ignore format: a row read as a row
}

/** A listed sum of a tenant whose slots are `by`. */
export function tenantRollupOf(
  row: SqlRow,
  words: DictionaryReader,
  { by, nameOf }: { readonly by: "day" | "window"; readonly nameOf: (tenant: number) => Pseudonym | null },
): TenantRollup {
  const place = placeWords(row, words);
  return {
    day: by === "window" ? null : row.slot, tenant: nameOf(row.tenant as number),
    prompt: place.version[0], version: place.version[1], hash: place.version[2],
    environment: place.scope[0], lane: place.scope[1], purpose: place.scope[2],
    requestedModel: place.model[0], answeringModel: place.model[1], provider: place.model[2], host: place.model[3],
    band: row.band === UNKNOWN_BAND ? null : row.band, currency: row.currency === "" ? null : row.currency,
    calls: row.calls, inputTokens: row.input, outputTokens: row.output, reasoningTokens: row.reasoning,
    cacheReadTokens: row.cache_read, cacheWriteTokens: row.cache_write, uncounted: row.uncounted,
    retries: row.retries, traces: row.traces, stated: statedOf(row),
  } as TenantRollup; // biome-ignore format: a row read as a row
}

type Sameness = Readonly<Record<"version" | "model", (n: number) => number>>;

function placeOf({ slot, tenant, version, scope, model, band, currency }: SqlRow, same: Sameness): string {
  const said = version === undefined ? "" : same.version(version as number);
  return `${slot} ${tenant} ${said} ${scope} ${same.model(model as number)} ${band} ${currency}`;
}

interface PlaceWords {
  readonly version: readonly unknown[];
  readonly scope: readonly unknown[];
  readonly model: readonly unknown[];
}

/** Sums that are kept without a version name none. */
const NO_VERSION = [null, null, null];

function placeWords({ version, scope, model }: Sums, words: DictionaryReader): PlaceWords {
  return {
    version: version === undefined ? NO_VERSION : words("version", version as number),
    scope: words("scope", scope as number),
    model: words("model", model as number),
  };
}

function statedOf({ stated, stated_nano: nano }: Sums): number {
  return (stated as number) * 1e9 + (nano as number);
}
