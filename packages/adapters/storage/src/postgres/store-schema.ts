/** The schema of a database that a store lies in: its name, and how statements come to name it. */
import { HarnessError } from "@colophon/kernel";
import { fastHash } from "../shared/fast-hash.ts";

/** "Clph", so that locks of other programs on the database are others. */
const COLOPHON = 0x436c7068;
const FIRST = "colophon";
/** None of these needs quotes, is a word of SQL, or belongs to another program; with what follows a name, PostgreSQL takes 63 bytes. */
const NAME = /^colophon(?:_[a-z0-9_]{1,45})?$/;

export interface StoreSchema {
  readonly name: string;
  /** Puts the schema into a statement, which names it `@schema`, and the class of its locks `@locks`. */
  resolve(sql: string): string;
}

/**
 * Statements are resolved where they are sent, and nowhere else; values go beside them and stay as they are.
 * PostgreSQL takes no statement that was forgotten, so none can reach another store by accident.
 *
 * @param name `colophon` unless given.
 * @throws HarnessError `usage` for a name that a store's schema cannot have.
 */
export function storeSchema(name: string = FIRST): StoreSchema {
  if (!NAME.test(name)) {
    throw new HarnessError(
      "usage",
      `A store's schema cannot be called ${JSON.stringify(name)}; call it colophon, or colophon_ and then at most 45 of a-z, 0-9 and _.`,
    );
  }
  const locks = `${name === FIRST ? COLOPHON : lockClassOf(name)}`;
  return { name, resolve: (sql) => sql.replaceAll("@schema", name).replaceAll("@locks", locks) };
}

/** Stores that share a class only wait for each other. */
function lockClassOf(name: string): number {
  return Number.parseInt(fastHash(name).slice(0, 8), 16) | 0;
}
