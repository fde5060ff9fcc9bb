/** The tables of the first edition, as plain SQL for either database. */
import type { DialectName } from "./database.ts";

/** What the two databases call differently. */
interface Words {
  /** Before a table's name. */
  readonly place: string;
  readonly whole: string;
  readonly truth: string;
  readonly moment: string;
  /** After a table. */
  readonly strict: string;
}

/** SQLite reads what the sign-in library writes as a date only in a column called so, which STRICT does not know. */
const WORDS: Readonly<Record<DialectName, Omit<Words, "place">>> = {
  sqlite: { whole: "INTEGER", truth: "INTEGER", moment: "date", strict: " STRICT" },
  postgres: { whole: "bigint", truth: "boolean", moment: "timestamptz", strict: "" },
};

/** Statements that make everything; `place` is a schema of PostgreSQL. */
export function firstTables(dialect: DialectName, place: string): readonly string[] {
  const words = { ...WORDS[dialect], place: dialect === "postgres" ? `${place}.` : "" };
  return [
    ...signInTables(words),
    ...tables(words),
    ...(dialect === "postgres" ? postgresGuards(place) : SQLITE_GUARDS),
  ];
}

/** As better-auth 1.7.6 asks for them; a test holds the two together. */
function signInTables({ place, truth, moment, whole }: Words): readonly string[] {
  return [
    `CREATE TABLE ${place}person ("id" text NOT NULL PRIMARY KEY, "name" text NOT NULL, "email" text NOT NULL UNIQUE,
      "emailVerified" ${truth} NOT NULL, "image" text, "createdAt" ${moment} NOT NULL, "updatedAt" ${moment} NOT NULL)`,
    `CREATE TABLE ${place}sign_in_session ("id" text NOT NULL PRIMARY KEY, "expiresAt" ${moment} NOT NULL,
      "token" text NOT NULL UNIQUE, "createdAt" ${moment} NOT NULL, "updatedAt" ${moment} NOT NULL, "ipAddress" text,
      "userAgent" text, "userId" text NOT NULL REFERENCES ${place}person ("id") ON DELETE CASCADE)`,
    `CREATE TABLE ${place}sign_in_account ("id" text NOT NULL PRIMARY KEY, "accountId" text NOT NULL,
      "providerId" text NOT NULL, "userId" text NOT NULL REFERENCES ${place}person ("id") ON DELETE CASCADE,
      "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" ${moment},
      "refreshTokenExpiresAt" ${moment}, "scope" text, "password" text, "createdAt" ${moment} NOT NULL,
      "updatedAt" ${moment} NOT NULL)`,
    `CREATE TABLE ${place}sign_in_verification ("id" text NOT NULL PRIMARY KEY, "identifier" text NOT NULL,
      "value" text NOT NULL, "expiresAt" ${moment} NOT NULL, "createdAt" ${moment} NOT NULL, "updatedAt" ${moment} NOT NULL)`,
    `CREATE TABLE ${place}sign_in_limit ("id" text NOT NULL PRIMARY KEY, "key" text NOT NULL UNIQUE,
      "count" integer NOT NULL, "lastRequest" ${whole} NOT NULL)`,
    `CREATE INDEX "sign_in_session_userId_idx" ON ${place}sign_in_session ("userId")`,
    `CREATE INDEX "sign_in_account_userId_idx" ON ${place}sign_in_account ("userId")`,
    `CREATE INDEX "sign_in_verification_identifier_idx" ON ${place}sign_in_verification ("identifier")`,
  ];
}

function tables({ place, whole, strict }: Words): readonly string[] {
  const table = (name: string, columns: string): string =>
    `CREATE TABLE ${place}${name} (${columns.replaceAll("whole", whole)})${strict}`;
  return [
    table("project", "id text NOT NULL PRIMARY KEY, name text NOT NULL, created_at whole NOT NULL"),
    table(
      "membership",
      `person text NOT NULL REFERENCES ${place}person (id), project text NOT NULL, environment text NOT NULL,
      role text NOT NULL, granted_at whole NOT NULL, PRIMARY KEY (person, project, environment)`,
    ),
    table(
      "invitation",
      `id text NOT NULL PRIMARY KEY, email text NOT NULL, project text, environment text, role text NOT NULL,
      invited_by text NOT NULL, expires whole NOT NULL, accepted_at whole, token_hash text NOT NULL UNIQUE`,
    ),
    table(
      "api_key",
      `id text NOT NULL PRIMARY KEY, name text NOT NULL, project text, environments text, scopes text NOT NULL,
      created_by text NOT NULL, created_at whole NOT NULL, expires whole, revoked_at whole, last_used_at whole,
      rotates text, secret_hash text NOT NULL`,
    ),
    table(
      "audit",
      `n whole NOT NULL PRIMARY KEY, at whole NOT NULL, actor text NOT NULL, via text NOT NULL, project text,
      environment text, action text NOT NULL, target text, allowed whole NOT NULL, detail text, chain text NOT NULL`,
    ),
    table(
      "secret",
      `project text NOT NULL, name text NOT NULL, set_at whole NOT NULL, set_by text NOT NULL, sealed text NOT NULL,
      PRIMARY KEY (project, name)`,
    ),
    table("master_key", "one whole NOT NULL PRIMARY KEY CHECK (one = 1), mark text NOT NULL"),
    table(
      "job",
      `id text NOT NULL PRIMARY KEY, project text NOT NULL, operation text NOT NULL, input text NOT NULL,
      actor text NOT NULL, via text NOT NULL, owner text, state text NOT NULL, created_at whole NOT NULL, started_at whole,
      ended_at whole, tries whole NOT NULL, cancel_asked whole NOT NULL, output text, error text, holder text,
      until whole`,
    ),
    table(
      "job_event",
      `job text NOT NULL REFERENCES ${place}job (id), n whole NOT NULL, at whole NOT NULL, kind text NOT NULL,
      data text NOT NULL, PRIMARY KEY (job, n)`,
    ),
    table("edition", "edition whole NOT NULL PRIMARY KEY, at whole NOT NULL"),
    `CREATE INDEX audit_project ON ${place}audit (project, n)`,
    `CREATE INDEX job_open ON ${place}job (created_at, id) WHERE state IN ('queued', 'running')`,
    `CREATE INDEX job_project ON ${place}job (project, created_at)`,
  ];
}

/** The audit log is held append-only by the database itself, whoever asks. */
const SQLITE_GUARDS: readonly string[] = [
  "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append-only: audit is never updated'); END",
  "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from audit'); END",
  // REPLACE deletes without firing delete triggers, so an insert that would meet a row is refused before it does.
  `CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN NEW.n IS NOT (SELECT coalesce(max(n), 0) + 1 FROM audit)
  BEGIN SELECT RAISE(ABORT, 'append-only: entries of audit have the next number'); END`,
];

function postgresGuards(schema: string): readonly string[] {
  const made = (name: string, body: string): string =>
    `CREATE FUNCTION ${schema}.${name}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$BEGIN ${body} END$body$`;
  const trigger = (name: string, fires: string): readonly string[] => [
    `CREATE TRIGGER ${name} ${fires}`,
    `ALTER TABLE ${schema}.audit ENABLE ALWAYS TRIGGER ${name}`,
  ];
  return [
    made(
      "refuse",
      "RAISE EXCEPTION 'append-only: nothing in % is changed or taken away', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';",
    ),
    made(
      "next_number",
      `IF NEW.n = (SELECT coalesce(max(n), 0) + 1 FROM ${schema}.audit) THEN RETURN NEW; END IF;
      RAISE EXCEPTION 'append-only: entries of audit have the next number' USING ERRCODE = 'serialization_failure';`,
    ),
    ...trigger(
      "append_only",
      `BEFORE DELETE OR UPDATE OR TRUNCATE ON ${schema}.audit FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.refuse()`,
    ),
    ...trigger(
      "numbered",
      `BEFORE INSERT ON ${schema}.audit FOR EACH ROW EXECUTE FUNCTION ${schema}.next_number()`,
    ),
  ];
}
