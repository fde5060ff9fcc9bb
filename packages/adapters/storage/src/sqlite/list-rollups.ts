/** Reads the ledger's sums by what they stand for; entries that differ only in storage are added up. */
import type { Pseudonym, Rollup, RollupFilter, TenantRollup, TenantRollupFilter } from "@colophon/kernel";
import { toHex } from "./bytes.ts";
import type { DictionaryReader } from "./dictionary.ts";
import type { SqlRow } from "./node-sqlite.ts";
import { readSums, type SumsQuery } from "./read-sums.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import {
  BY_DAY,
  BY_HOUR,
  BY_TENANT,
  BY_TENANT_AND_VERSION,
  DAY_MS,
  HOUR_MS,
  namesOf,
  type SumTable,
  UNKNOWN_BAND,
} from "./sums.ts";

/** The sums of one key, by their columns' names, while others are added to them. */
type Sums = Record<string, SqlRow[string]>;

export function listRollups(
  core: SqliteCore,
  words: DictionaryReader,
  filter: RollupFilter,
): readonly Rollup[] {
  const { by = "hour" } = filter;
  const tables = by === "hour" ? [BY_HOUR] : [BY_DAY, BY_HOUR];
  const found = addedUp(core, words, queryOf(filter, tables, BY_HOUR));
  const hoursPerSlot = by === "day" ? DAY_MS / HOUR_MS : 1;
  return found.map((row) => {
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
  });
}

export function listTenantRollups(
  core: SqliteCore,
  words: DictionaryReader,
  filter: TenantRollupFilter,
): readonly TenantRollup[] {
  const { by = "day", detail = "version", prompt } = filter;
  const keys = detail === "version" ? BY_TENANT_AND_VERSION : BY_TENANT;
  // Sums that do not know versions cannot tell one prompt's from another's.
  const table = prompt === undefined ? keys : BY_TENANT_AND_VERSION;
  const found = addedUp(core, words, queryOf({ ...filter, by }, [table], keys));
  const nameOf = pseudonymReader(core);
  return found.map((row) => {
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
  });
}

const UNITS = { hour: HOUR_MS, day: DAY_MS, window: null } as const;

function queryOf(filter: RollupFilter, tables: readonly SumTable[], { keys }: SumTable): SumsQuery {
  const { by = "hour", prompt, environment, since, until } = filter;
  return {
    by: UNITS[by],
    tables,
    keys: namesOf(keys).filter((name) => name !== "slot"),
    prompt,
    environment,
    since,
    until,
  };
}

/** In order of time; what was taken away altogether is not there. */
function addedUp(core: SqliteCore, words: DictionaryReader, query: SumsQuery): readonly Sums[] {
  const same = createSameness(words);
  const sums = new Map<string, Sums>();
  const added = namesOf((query.tables.at(-1) as SumTable).sums);
  const nothing = Object.fromEntries(added.map((name) => [name, 0]));
  const addTo = (to: Sums, row: SqlRow, sign: 1 | -1): Sums => {
    for (const name of added) to[name] = (to[name] as number) + sign * (row[name] as number);
    return to;
  };
  readSums(core, query, (row, sign) => {
    const place = placeOf(row, same);
    const before = sums.get(place);
    if (before !== undefined) addTo(before, row, sign);
    else if (sign === 1) sums.set(place, row);
    else sums.set(place, addTo({ ...row, ...nothing }, row, sign));
  });
  return [...sums.values()]
    .filter(({ calls }) => (calls as number) > 0)
    .sort((a, b) => (a.slot as number) - (b.slot as number));
}

function placeOf({ slot, tenant, version, scope, model, band, currency }: SqlRow, same: Sameness): string {
  const said = version === undefined ? "" : same("version", version as number);
  return `${slot} ${tenant} ${said} ${scope} ${same("model", model as number)} ${band} ${currency}`;
}

/** The first number that was met of all those in a dictionary that say the same of sums. */
type Sameness = (table: "version" | "model", n: number) => number;

/** A version's entries may differ in the caller, a model's in fingerprint and price table. */
const SAID = { version: 3, model: 4 } as const;

function createSameness(words: DictionaryReader): Sameness {
  const known = { version: new Map<number, number>(), model: new Map<number, number>() };
  const first = { version: new Map<string, number>(), model: new Map<string, number>() };
  return (table, n) => {
    let same = known[table].get(n);
    if (same === undefined) {
      const said = JSON.stringify(words(table, n).slice(0, SAID[table]));
      same = first[table].get(said) ?? n;
      first[table].set(said, same);
      known[table].set(n, same);
    }
    return same;
  };
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

function pseudonymReader(core: SqliteCore): (n: number) => Pseudonym | null {
  const known = new Map<number, Pseudonym | null>([[0, null]]);
  const find = core.prepare("SELECT pseudonym FROM subject WHERE n = ?");
  return (n) => {
    let pseudonym = known.get(n);
    if (pseudonym === undefined) {
      const row = find.get(n) as SqlRow | undefined;
      if (row === undefined) throw new Error(`Subject ${n} of the sums is missing.`);
      pseudonym = toHex(row.pseudonym as Uint8Array) as Pseudonym;
      known.set(n, pseudonym);
    }
    return pseudonym;
  };
}
