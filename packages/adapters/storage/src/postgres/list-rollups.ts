/** Lists the sums that PostgreSQL keeps, with the rows that are in none of them. */
import type { Pseudonym, Rollup, RollupFilter, TenantRollup, TenantRollupFilter } from "@colophon/kernel";
import { toHex } from "../shared/bytes.ts";
import { createSumList, rollupOf, tenantRollupOf } from "../shared/rollup-list.ts";
import type { SqlRow } from "../shared/sql-row.ts";
import { namesOf, type SumTable } from "../shared/sum-tables.ts";
import { DAY_MS, HOUR_MS } from "../shared/units.ts";
import type { DictionaryReader } from "../shared/word-node.ts";
import { scopeNumbers, versionNumbers } from "./list-executions.ts";
import { type Connection, MANY_SUMS, type PostgresCore } from "./postgres-core.ts";
import { readSums, type SumsQuery } from "./read-sums.ts";
import { BY_DAY, BY_HOUR, BY_TENANT, BY_TENANT_AND_VERSION } from "./sums.ts";
import type { WordReader } from "./word-book.ts";

interface Parts {
  readonly core: PostgresCore;
  readonly reader: WordReader;
}

export function listRollups(parts: Parts, filter: RollupFilter): Promise<readonly Rollup[]> {
  const { by = "hour" } = filter;
  const tables = by === "hour" ? [BY_HOUR] : [BY_DAY, BY_HOUR];
  return parts.core.reading(async (connection) => {
    const query = await queryOf(connection, filter, { tables, keys: BY_HOUR });
    const { sums, words } = await addedUp(connection, parts, query);
    return sums.map((row) => rollupOf(row, words, by));
  }, MANY_SUMS);
}

export function listTenantRollups(
  parts: Parts,
  filter: TenantRollupFilter,
): Promise<readonly TenantRollup[]> {
  const { by = "day", detail = "version", prompt } = filter;
  const keys = detail === "version" ? BY_TENANT_AND_VERSION : BY_TENANT;
  // Sums that do not know versions cannot tell one prompt's from another's.
  const table = prompt === undefined ? keys : BY_TENANT_AND_VERSION;
  return parts.core.reading(async (connection) => {
    const query = await queryOf(connection, { ...filter, by }, { tables: [table], keys });
    const { sums, words } = await addedUp(connection, parts, query);
    const names = await pseudonymsOf(connection, sums);
    const nameOf = (n: number): Pseudonym | null => {
      const name = names.get(n);
      if (name === undefined) throw new Error(`Subject ${n} of the sums is missing.`);
      return name;
    };
    return sums.map((row) => tenantRollupOf(row, words, { by, nameOf }));
  }, MANY_SUMS);
}

const UNITS = { hour: HOUR_MS, day: DAY_MS, window: null } as const;

async function queryOf(
  connection: Connection,
  filter: RollupFilter,
  { tables, keys }: { readonly tables: readonly SumTable[]; readonly keys: SumTable },
): Promise<SumsQuery> {
  const { by = "hour", prompt, environment, since, until } = filter;
  return {
    by: UNITS[by],
    tables,
    keys: namesOf(keys.keys).filter((name) => name !== "slot"),
    versions: prompt === undefined ? undefined : await versionNumbers(connection, { prompt }),
    scopes: environment === undefined ? undefined : await scopeNumbers(connection, { environment }),
    since,
    until,
  };
}

async function addedUp(
  connection: Connection,
  { core, reader }: Parts,
  query: SumsQuery,
): Promise<{ readonly sums: readonly SqlRow[]; readonly words: DictionaryReader }> {
  const found = await readSums(connection, query, core.place);
  const rows = found.map(({ row }) => row);
  const words = await reader.know(connection, rows, ["version", "scope", "model"]);
  const sums = createSumList(words, namesOf((query.tables.at(-1) as SumTable).sums));
  for (const { row, sign } of found) sums.add(row, sign);
  return { sums: sums.list(), words };
}

/** By number; calls without a tenant are under 0. */
async function pseudonymsOf(
  { query }: Connection,
  sums: readonly SqlRow[],
): Promise<ReadonlyMap<number, Pseudonym | null>> {
  const rows = await query("SELECT n, pseudonym FROM @schema.subject WHERE n = ANY($1::bigint[])", [
    [...new Set(sums.map(({ tenant }) => tenant as number))],
  ]);
  const named = rows.map(
    (row) => [row.n as number, toHex(row.pseudonym as Uint8Array) as Pseudonym] as const,
  );
  return new Map<number, Pseudonym | null>([[0, null], ...named]);
}
