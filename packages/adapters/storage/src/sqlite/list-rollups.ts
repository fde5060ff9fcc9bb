/** Lists the sums that SQLite keeps, with the rows that are in none of them. */
import type { Pseudonym, Rollup, RollupFilter, TenantRollup, TenantRollupFilter } from "@colophon/kernel";
import { toHex } from "../shared/bytes.ts";
import { createSumList, rollupOf, type SumList, tenantRollupOf } from "../shared/rollup-list.ts";
import type { SqlRow } from "../shared/sql-row.ts";
import { namesOf, type SumTable } from "../shared/sum-tables.ts";
import { DAY_MS, HOUR_MS } from "../shared/units.ts";
import type { DictionaryReader } from "../shared/word-node.ts";
import { readSums, type SumsQuery } from "./read-sums.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { BY_DAY, BY_HOUR, BY_TENANT, BY_TENANT_AND_VERSION } from "./sums.ts";

export function listRollups(
  core: SqliteCore,
  words: DictionaryReader,
  filter: RollupFilter,
): readonly Rollup[] {
  const { by = "hour" } = filter;
  const tables = by === "hour" ? [BY_HOUR] : [BY_DAY, BY_HOUR];
  const sums = addedUp(core, words, queryOf(filter, tables, BY_HOUR));
  return sums.list().map((row) => rollupOf(row, words, by));
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
  const sums = addedUp(core, words, queryOf({ ...filter, by }, [table], keys));
  const nameOf = pseudonymReader(core);
  return sums.list().map((row) => tenantRollupOf(row, words, { by, nameOf }));
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

function addedUp(core: SqliteCore, words: DictionaryReader, query: SumsQuery): SumList {
  const sums = createSumList(words, namesOf((query.tables.at(-1) as SumTable).sums));
  readSums(core, query, sums.add);
  return sums;
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
