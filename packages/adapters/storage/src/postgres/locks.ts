/** The locks by which writers of a store take turns; each is let go of when its transaction ends. */
import type { Connection } from "./postgres-core.ts";

/** In the order in which they are taken where one transaction needs several. */
const LOCKS = { schema: 1, records: 2, ledger: 3, parts: 4, fold: 5, metrics: 6 } as const;
export type StoreLock = keyof typeof LOCKS;

/** The statement that waits for a lock. */
export function lockSql(lock: StoreLock): string {
  return `SELECT pg_advisory_xact_lock(@locks, ${LOCKS[lock]})`;
}

/** Waits for a lock; sequences and clocks do not tell the order of commits, holding it until the commit does. */
export async function lockStore({ query }: Pick<Connection, "query">, lock: StoreLock): Promise<void> {
  await query(lockSql(lock));
}

/** Takes a lock where nobody has it. */
export async function tryLockStore({ query }: Pick<Connection, "query">, lock: StoreLock): Promise<boolean> {
  const [row] = await query(`SELECT pg_try_advisory_xact_lock(@locks, ${LOCKS[lock]}) AS taken`);
  return row?.taken as unknown as boolean;
}
