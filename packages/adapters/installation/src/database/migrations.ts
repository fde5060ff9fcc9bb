/** The way from any older edition of the installation's tables to this one: plain SQL, forward only, under a lock. */
import { type EpochMs, FIRST_PROJECT, HarnessError } from "@colophon/kernel";
import { CompiledQuery } from "kysely";
import type { Database, DialectName } from "./database.ts";
import { firstTables } from "./schema.ts";
import { askFirst, type Work } from "./work.ts";

/** Statements that lead from edition `index` to `index + 1`. */
const MIGRATIONS: readonly ((dialect: DialectName, place: string) => readonly string[])[] = [firstTables];

export const EDITION = MIGRATIONS.length;

/**
 * The edition that a database stands at; 0 where there is nothing yet.
 *
 * @throws HarnessError `store-newer`.
 */
export function* readEdition(database: Database): Work<number> {
  if (!(yield* database.hasTables())) return 0;
  const newest = yield* askFirst(
    database.builder.selectFrom("edition").select("edition").orderBy("edition", "desc").limit(1),
  );
  const edition = newest?.edition ?? 0;
  if (edition <= EDITION) return edition;
  throw new HarnessError(
    "store-newer",
    `The installation ${database.place} was written by a newer Colophon (edition ${edition}, this one knows ${EDITION}); update Colophon.`,
  );
}

/** Brings the tables up to date; who comes second finds it done. */
export function* migrate(
  database: Database,
  { schema, at }: { readonly schema: string; readonly at: EpochMs },
): Work<void> {
  yield* database.takeTurn("schema");
  const before = yield* readEdition(database);
  for (const [index, statements] of MIGRATIONS.entries()) {
    if (index < before) continue;
    for (const sql of statements(database.dialect, schema)) yield CompiledQuery.raw(sql);
    yield database.builder
      .insertInto("edition")
      .values({ edition: index + 1, at })
      .compile();
  }
  if (before > 0) return;
  yield database.builder
    .insertInto("project")
    .values({ id: FIRST_PROJECT, name: FIRST_PROJECT, created_at: at })
    .compile();
}
