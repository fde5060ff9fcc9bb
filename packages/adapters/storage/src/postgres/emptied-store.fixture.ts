/** A store on PostgreSQL as if it were new, in the tables of one that a test is done with: to make them takes ten times as long. */
import type { Clock, RandomSource } from "@colophon/kernel";
import { beginStore } from "./migrations.ts";
import { connectTo, type PostgresStoreOptions } from "./open-postgres-store.ts";

/** Parts are kept for the next, but each statement has to look at all of them. */
const MOST_PARTS = 12;

/** The guards refuse what happens here, so they stand aside in this transaction, and stand again as they did. */
const EMPTY = `DO $empty$
DECLARE
  guard text := pg_get_functiondef('@schema.refuse()'::regprocedure);
  name text;
BEGIN
  CREATE OR REPLACE FUNCTION @schema.refuse() RETURNS trigger LANGUAGE plpgsql AS
    $aside$ BEGIN IF TG_LEVEL = 'ROW' THEN RETURN OLD; END IF; RETURN NULL; END $aside$;
  FOR name IN
    SELECT oid::regclass FROM pg_class
    WHERE relnamespace = '@schema'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'edition'
  LOOP
    EXECUTE 'DELETE FROM ' || name;
  END LOOP;
  INSERT INTO @schema.arrival VALUES (1, 0, 0, 0, 0);
  INSERT INTO @schema.folded VALUES (1, 0);
  INSERT INTO @schema.measured VALUES (1, 0, 0);
  PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relnamespace = '@schema'::regnamespace AND relkind = 'S';
  EXECUTE guard;
END $empty$`;

/** Whether it could be done; where the store has become too large, or there is none, it is not. */
export async function emptyStore(
  place: Pick<PostgresStoreOptions, "url" | "pool" | "schema">,
  parts: { readonly clock: Clock; readonly random: RandomSource },
): Promise<boolean> {
  const { connections } = connectTo({ ...place, mode: "write" });
  try {
    return await connections.transaction(async (connection) => {
      const [row] = await connection.query(
        "SELECT count(*)::int AS parts FROM pg_inherits WHERE inhparent = to_regclass('@schema.execution')",
      );
      const found = row?.parts as number;
      if (found === 0 || found > MOST_PARTS) return false;
      await connection.query(EMPTY);
      await beginStore(connection, parts);
      return true;
    });
  } finally {
    await connections.close();
  }
}
