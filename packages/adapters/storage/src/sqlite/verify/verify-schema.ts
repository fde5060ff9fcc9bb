/** Holds the store's tables, indexes and triggers against those that this edition makes. */

import type { Findings } from "../../shared/findings.ts";
import { migrate } from "../migrations.ts";
import { type DatabaseSync, loadNodeSqlite, type SqlRow } from "../node-sqlite.ts";

interface SchemaObject {
  readonly type: string;
  readonly sql: string;
}

function objectsOf(db: DatabaseSync): ReadonlyMap<string, SchemaObject> {
  const rows = db
    .prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT GLOB 'sqlite_autoindex_*'")
    .all() as SqlRow[];
  return new Map(rows.map((row) => [String(row.name), { type: String(row.type), sql: String(row.sql) }]));
}

function expectedObjects(): ReadonlyMap<string, SchemaObject> {
  const { DatabaseSync: Database } = loadNodeSqlite();
  const blank = new Database(":memory:", { enableForeignKeyConstraints: false });
  try {
    migrate(blank);
    return objectsOf(blank);
  } finally {
    blank.close();
  }
}

/** A store without its triggers, or with others, no longer holds itself append-only. */
export function verifySchema(db: DatabaseSync, findings: Findings): void {
  const there = objectsOf(db);
  const expected = expectedObjects();
  const triggers = [...expected.values()].filter(({ type }) => type === "trigger").length;
  for (const [name, { type, sql }] of expected) {
    const found = there.get(name);
    if (found === undefined) findings.add("weakened-schema", name, `The ${type} ${name} is not there.`);
    else if (found.sql !== sql)
      findings.add("weakened-schema", name, `The ${type} ${name} is not as Colophon made it.`);
  }
  for (const [name, { type }] of there) {
    if (type === "trigger" && !expected.has(name)) {
      findings.add(
        "weakened-schema",
        name,
        `The trigger ${name} is none of the ${triggers} that Colophon made.`,
      );
    }
  }
}

/** SQLite's own check of pages and indexes. */
export function verifyPages(db: DatabaseSync, findings: Findings): void {
  for (const row of db.prepare("PRAGMA integrity_check(20)").all() as SqlRow[]) {
    const message = String(row.integrity_check);
    if (message !== "ok") findings.add("unreadable", "file", `SQLite says of the file: ${message}.`);
  }
}
