/** Moves an embedded store into PostgreSQL: all of it, as it stands, going on where an earlier move ended. */
import { type Clock, HarnessError, systemRandom } from "@colophon/kernel";
import { checkEdition, EDITION, migrate } from "../postgres/migrations.ts";
import { connectTo } from "../postgres/open-postgres-store.ts";
import type { StoreConnections } from "../postgres/postgres-core.ts";
import { toHex } from "../shared/bytes.ts";
import { openSqliteCore } from "../sqlite/open-sqlite-core.ts";
import type { SqliteCore } from "../sqlite/sqlite-core.ts";
import { moveExecutions, moveOutcomes } from "./move-ledger.ts";
import {
  moveGaps,
  moveRecords,
  moveSeals,
  moveStarts,
  moveSubjects,
  moveTexts,
  moveWriters,
} from "./move-tables.ts";

export interface MoveStoreOptions {
  /** The file of an embedded store of this edition, which nobody writes to meanwhile. */
  readonly file: string;
  /** `postgres://user:password@host:port/database`: a database without a store, or with one that this one was being moved to. */
  readonly url: string;
  readonly clock: Clock;
  /** Told after each batch. */
  readonly onMoved?: (moved: MovedCounts) => void;
}

/** What was moved now; what an earlier move has brought over does not count. */
export interface MovedCounts {
  readonly records: number;
  readonly texts: number;
  readonly subjects: number;
  readonly executions: number;
  readonly outcomes: number;
  readonly starts: number;
  readonly gaps: number;
  readonly seals: number;
}

/** What every step of a move goes by. */
export interface MoveParts {
  readonly from: SqliteCore;
  readonly to: StoreConnections;
  readonly clock: Clock;
  /** Counts rows that were moved, and says so. */
  moved(what: keyof MovedCounts, rows: number): void;
}

/**
 * Rows keep their ids, places, chains and numbers, subjects their keys, and seals what they saw: both
 * stores verify alike, against the same anchor. Sums are not moved; they are folded anew.
 *
 * @throws HarnessError `store-unsupported` where the database holds another store; all that opening either throws.
 */
export async function moveStore({ file, url, clock, onMoved }: MoveStoreOptions): Promise<MovedCounts> {
  const from = openSqliteCore({ file, mode: "read", clock });
  try {
    const { connections: to, place } = connectTo({ url, mode: "create" });
    try {
      await prepareTarget(from, { to, place, clock });
      const counts = {
        records: 0,
        texts: 0,
        subjects: 0,
        executions: 0,
        outcomes: 0,
        starts: 0,
        gaps: 0,
        seals: 0,
      };
      const parts: MoveParts = {
        ...{ from, to, clock },
        moved(what, rows) {
          if (rows === 0) return;
          counts[what] += rows;
          onMoved?.({ ...counts });
        },
      };
      await moveAll(parts);
      return counts;
    } finally {
      await to.close();
    }
  } finally {
    from.close();
  }
}

/** Subjects and writers before the rows that name them, and seals behind what they have seen. */
async function moveAll(parts: MoveParts): Promise<void> {
  await moveTexts(parts);
  await moveSubjects(parts);
  await moveRecords(parts);
  const writers = await moveWriters(parts);
  await moveExecutions(parts, writers);
  await moveOutcomes(parts, writers);
  await moveStarts(parts);
  await moveGaps(parts, writers);
  await moveSeals(parts);
}

async function prepareTarget(
  from: SqliteCore,
  { to, place, clock }: { readonly to: StoreConnections; readonly place: string; readonly clock: Clock },
): Promise<void> {
  const { secret, created } = from.prepare("SELECT secret, created FROM store").get() as {
    secret: Uint8Array;
    created: number;
  };
  if ((await checkEdition(to, place)) < EDITION) {
    await migrate(to, {
      place,
      clock,
      random: systemRandom,
      moved: { secret: Buffer.from(secret), created },
    });
  }
  const [there] = await to.query("SELECT secret FROM @schema.store");
  if (toHex(there?.secret as Uint8Array) === toHex(secret)) return;
  throw new HarnessError(
    "store-unsupported",
    `The database ${place} holds another store already; give the one from ${from.file} a database of its own.`,
  );
}
