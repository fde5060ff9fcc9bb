/** Fresh places for installations under test, on SQLite and on PostgreSQL, and statements past all ports. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { PostgresServer } from "@colophon/storage/postgres/server.fixture";
import type { InstallationPlace } from "./database/connect.ts";

export interface TakenPlace {
  readonly place: InstallationPlace;
  /** Runs a statement as the owner of everything; tables stand without a schema. */
  run(sql: string): Promise<readonly Record<string, unknown>[]>;
  giveBack(): Promise<void>;
}

export interface PlaceKind {
  readonly name: string;
  take(): Promise<TakenPlace>;
}

const SCHEMA = "colophon_installation";

export const SQLITE: PlaceKind = {
  name: "SQLite",
  async take() {
    const folder = mkdtempSync(join(tmpdir(), "colophon-installation-"));
    const file = join(folder, ".colophon", "installation.db");
    return {
      place: { kind: "sqlite", file },
      async run(sql) {
        const db = new DatabaseSync(file, { timeout: 5_000 });
        try {
          return db.prepare(sql).all();
        } finally {
          db.close();
        }
      },
      giveBack: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

/** Places on a server that a test file has started. */
export function postgresPlaces(server: () => PostgresServer): PlaceKind {
  return {
    name: "PostgreSQL",
    async take() {
      const database = await server().takeDatabase();
      return {
        place: { kind: "postgres", url: server().url(database), schema: SCHEMA },
        run: (sql) => server().run(database, `SET search_path = ${SCHEMA}`, sql),
        async giveBack() {
          await server().run(database, `DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`);
          await server().giveBack(database);
        },
      };
    },
  };
}
