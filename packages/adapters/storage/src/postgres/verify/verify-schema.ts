/** Holds the store's triggers, functions and tables against those that this edition makes. */
import type { Findings } from "../../shared/findings.ts";
import {
  GUARD_FUNCTIONS,
  GUARD_TRIGGERS,
  type GuardFunction,
  type GuardTrigger,
  PART_TRIGGER,
} from "../guards.ts";
import type { Connection } from "../postgres-core.ts";
import { PARTITIONED } from "../schema.ts";
import type { StoreSchema } from "../store-schema.ts";

interface SchemaParts {
  readonly connection: Connection;
  readonly schema: StoreSchema;
  readonly findings: Findings;
}

/** A store without its guards, or with others, no longer holds itself append-only. */
export async function verifySchema({ connection, schema, findings }: SchemaParts): Promise<void> {
  await verifyTriggers({ connection, schema, findings });
  await verifyFunctions({ connection, schema, findings });
  await verifyTables(connection, findings);
}

/** Triggers of rows lie on a table's parts as well; each part has one of its own against emptying it. */
async function expectedTriggers({ query }: Connection): Promise<readonly GuardTrigger[]> {
  const parts = await query(
    `SELECT part.relname AS part, whole.relname AS whole FROM pg_inherits
     JOIN pg_class AS part ON part.oid = inhrelid JOIN pg_class AS whole ON whole.oid = inhparent
     WHERE whole.relnamespace = '@schema'::regnamespace AND whole.relname = ANY($1::text[])`,
    [PARTITIONED.map(([table]) => table)],
  );
  const ofParts = parts.flatMap(({ part, whole }) =>
    GUARD_TRIGGERS.filter(
      ({ table, name, fires }) =>
        table === whole && (name === PART_TRIGGER || fires.includes("FOR EACH ROW")),
    ).map(({ name, fires }) => ({
      table: part as string,
      name,
      fires: fires.replace(` ON @schema.${whole} `, ` ON @schema.${part} `),
    })),
  );
  return [...GUARD_TRIGGERS, ...ofParts];
}

function nameOf({ table, name }: Pick<GuardTrigger, "table" | "name">): string {
  return `${table}.${name}`;
}

async function verifyTriggers({ connection, schema, findings }: SchemaParts): Promise<void> {
  const rows = await connection.query(
    `SELECT class.relname AS table, tgname AS name, tgenabled::text AS enabled, pg_get_triggerdef(trigger.oid) AS definition
     FROM pg_trigger AS trigger JOIN pg_class AS class ON class.oid = tgrelid
     WHERE class.relnamespace = '@schema'::regnamespace AND NOT tgisinternal`,
  );
  const there = new Map(
    rows.map((row) => [nameOf({ table: row.table as string, name: row.name as string }), row]),
  );
  const expected = new Map((await expectedTriggers(connection)).map((one) => [nameOf(one), one]));
  for (const [where, { name, fires }] of expected) {
    const found = there.get(where);
    if (found === undefined) findings.add("weakened-schema", where, `The trigger ${where} is not there.`);
    else if (found.enabled !== "A" || found.definition !== schema.resolve(`CREATE TRIGGER ${name} ${fires}`))
      findings.add("weakened-schema", where, `The trigger ${where} is not as Colophon made it.`);
  }
  for (const where of there.keys()) {
    if (!expected.has(where))
      findings.add("weakened-schema", where, `The trigger ${where} is none of those that Colophon made.`);
  }
}

async function verifyFunctions({ connection: { query }, schema, findings }: SchemaParts): Promise<void> {
  const rows = await query(
    `SELECT proname AS name, prosrc AS body, prosecdef AS owner, array_to_string(proconfig, ';') AS config
     FROM pg_proc WHERE pronamespace = '@schema'::regnamespace`,
  );
  const there = new Map(rows.map((row) => [row.name as string, row]));
  for (const { name, body, asOwner } of GUARD_FUNCTIONS as readonly GuardFunction[]) {
    const found = there.get(name);
    if (found === undefined) findings.add("weakened-schema", name, `The function ${name} is not there.`);
    else if (
      found.body !== schema.resolve(body) ||
      (found.owner as unknown) !== asOwner ||
      found.config !== "search_path=pg_catalog, pg_temp"
    )
      findings.add("weakened-schema", name, `The function ${name} is not as Colophon made it.`);
  }
}

/** Rules send rows elsewhere, policies hide them, and without its primary key a table takes the same row twice. */
async function verifyTables({ query }: Connection, findings: Findings): Promise<void> {
  const rows = await query(
    `SELECT relname AS table, relrowsecurity AS hides,
       EXISTS (SELECT FROM pg_rewrite WHERE ev_class = class.oid) AS ruled,
       EXISTS (SELECT FROM pg_index WHERE indrelid = class.oid AND indisprimary AND indisvalid) AS keyed
     FROM pg_class AS class WHERE relnamespace = '@schema'::regnamespace AND relkind IN ('r', 'p')`,
  );
  for (const row of rows) {
    const { table, hides, ruled, keyed } = row as unknown as Record<"hides" | "ruled" | "keyed", boolean> & {
      readonly table: string;
    };
    if (hides) findings.add("weakened-schema", table, `The table ${table} hides rows from some.`);
    if (ruled)
      findings.add("weakened-schema", table, `The table ${table} has a rule that Colophon did not make.`);
    if (!keyed) findings.add("weakened-schema", table, `The table ${table} has lost its primary key.`);
  }
}
