/** The parts of the ledger by the week of the call: where a call lies, and how its week's parts come to be. */
import { type EpochMs, errorCodeOf, timeOfId } from "@colophon/kernel";
import { DAY_MS } from "../shared/units.ts";
import type { PostgresCore } from "./postgres-core.ts";

/** Whole days, so that the sums of days are those of one part. */
export const WEEK_MS = 7 * DAY_MS;

/**
 * Attaching a part locks the rest for a moment, and who waits for that lock holds up all who come after.
 * So it is not waited for: the week's calls lie in the rest then, where they are found as well.
 */
const LOCK_WAIT_MS = 250;

/** Weeks since the epoch. */
export type Week = number;

/** Calls from further back, or ahead, than this lie in the rest: a clock that is wrong makes no parts. */
const WEEKS_BACK = 520;
const WEEKS_AHEAD = 2;

export function weekOf(time: EpochMs): Week {
  return Math.floor(time / WEEK_MS);
}

/** The least id of a call that started then or later. */
export function firstIdAt(time: EpochMs): string {
  const hex = Math.min(Math.max(Math.ceil(time), 0), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

export interface Partitions {
  /** Makes the parts of these calls where they are missing. */
  ensure(ids: Iterable<string>): Promise<void>;
  /** Makes the parts of this week and the next ones, before their calls come. */
  ahead(): Promise<void>;
}

export function createPartitions(core: Pick<PostgresCore, "transaction" | "clock">): Partitions {
  const known = new Set<Week>();
  const make = async (week: Week): Promise<void> => {
    if (known.has(week)) return;
    const bounds = [firstIdAt(week * WEEK_MS), firstIdAt((week + 1) * WEEK_MS)];
    try {
      await core.transaction(async ({ query }) => {
        await query(`SET LOCAL lock_timeout = ${LOCK_WAIT_MS}`);
        await query("SELECT @schema.make_parts($1, $2, $3)", [week, ...bounds]);
      });
      known.add(week);
    } catch (error) {
      if (errorCodeOf(error) !== "store-busy") throw error;
    }
  };
  return {
    async ensure(ids) {
      const weeks = new Set<Week>();
      for (const id of ids) weeks.add(weekOf(timeOfId(id)));
      const now = weekOf(core.clock.now());
      for (const week of weeks) {
        if (week >= now - WEEKS_BACK && week <= now + WEEKS_AHEAD) await make(week);
      }
    },
    async ahead() {
      const now = weekOf(core.clock.now());
      for (let week = now; week <= now + WEEKS_AHEAD; week++) await make(week);
    },
  };
}
