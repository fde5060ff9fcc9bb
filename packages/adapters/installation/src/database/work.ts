/** Work on the database: the same statements for SQLite, where it runs at once, and for PostgreSQL, where it waits. */
import type { CompiledQuery } from "kysely";

/**
 * One transaction's worth of statements. It yields each statement and is given its rows, so that it can
 * wait for nothing else: on SQLite a transaction never spans an `await`.
 */
export type Work<T> = Generator<CompiledQuery, T, readonly unknown[]>;

interface Askable<O> {
  compile(): CompiledQuery<O>;
}

/** The rows of a statement. */
export function* ask<O>(query: Askable<O>): Work<readonly O[]> {
  return (yield query.compile()) as readonly O[];
}

/** The first row of a statement. */
export function* askFirst<O>(query: Askable<O>): Work<O | undefined> {
  const [row] = yield* ask(query);
  return row;
}
