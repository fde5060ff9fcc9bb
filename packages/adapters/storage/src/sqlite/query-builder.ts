/** Builds the ledger's dynamic reads; Kysely makes the SQL, the store's own connection runs it. */
import {
  type Compilable,
  DummyDriver,
  type Generated,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { SqlRow, SqlValue } from "./node-sqlite.ts";
import type { SqliteCore } from "./sqlite-core.ts";

interface ExecutionTable {
  readonly n: Generated<number>;
  readonly at: number;
  readonly rest: Uint8Array;
  readonly version: number;
  readonly scope: number;
  readonly user: number | null;
  readonly tenant: number | null;
  readonly document: number | null;
  readonly document_type: number | null;
  readonly session: Uint8Array | null;
  readonly trace: Uint8Array | null;
}

interface VersionTable {
  readonly n: number;
  readonly prompt: string;
  readonly version: number | null;
  readonly hash: string;
}

interface ScopeTable {
  readonly n: number;
  readonly environment: string;
  readonly purpose: string;
}

export interface LedgerTables {
  readonly execution: ExecutionTable;
  readonly version: VersionTable;
  readonly scope: ScopeTable;
}

export const queryBuilder = new Kysely<LedgerTables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

export function runQuery(core: SqliteCore, query: Compilable): readonly SqlRow[] {
  const { sql, parameters } = query.compile();
  return core.db.prepare(sql).all(...(parameters as readonly SqlValue[])) as SqlRow[];
}
