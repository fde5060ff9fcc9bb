/** What the role of a server may do: read, append, keep sums and presence; never change, delete, or make tables. */
import { escapeIdentifier } from "pg";
import { storeSchema } from "./store-schema.ts";
import { SUM_TABLES } from "./sums.ts";

const APPENDED = [
  "record",
  "text",
  "subject",
  "writer",
  "word",
  "execution",
  "outcome",
  "content",
  "start",
  "gap",
  "seal",
];
const SUMS = [...SUM_TABLES.map(({ name }) => name), "metric", "metric_day"];
const COORDINATION = ["presence", "lease"];

/**
 * The statements that the owner of a store runs once for the role that servers and applications connect
 * as. The role migrates nothing and lets go of no rows: both are the owner's.
 *
 * @param schema where the store lies; `colophon` unless given.
 * @example
 * for (const statement of grantsSql("colophon_server")) await owner.query(statement);
 */
export function grantsSql(role: string, schema?: string): readonly string[] {
  const { name: store } = storeSchema(schema);
  const tables = (names: readonly string[]): string => names.map((table) => `${store}.${table}`).join(", ");
  const name = escapeIdentifier(role);
  return [
    `GRANT USAGE ON SCHEMA ${store} TO ${name}`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA ${store} TO ${name}`,
    `GRANT INSERT ON ${tables([...APPENDED, ...SUMS, ...COORDINATION])} TO ${name}`,
    `GRANT UPDATE ON ${tables([...SUMS, ...COORDINATION])} TO ${name}`,
    `GRANT UPDATE (n) ON ${store}.folded TO ${name}`,
    `GRANT UPDATE (execution, outcome) ON ${store}.measured TO ${name}`,
    // Erasing: a subject's key and id are emptied, contents deleted, and what is dead is cleared away.
    `GRANT UPDATE (key, value, digest) ON ${store}.subject TO ${name}`,
    `GRANT DELETE ON ${tables(["content", ...COORDINATION])} TO ${name}`,
    `GRANT MAINTAIN ON ${tables(["subject", "content"])} TO ${name}`,
    // Parts that are made from now on pass the right on by themselves.
    `DO $grant$ DECLARE part regclass; BEGIN
  FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = '${store}.content'::regclass LOOP
    EXECUTE format('GRANT MAINTAIN ON %s TO ${name.replaceAll("'", "''")}', part);
  END LOOP;
END $grant$`,
    `GRANT EXECUTE ON FUNCTION ${store}.make_parts(bigint, uuid, uuid) TO ${name}`,
  ];
}
