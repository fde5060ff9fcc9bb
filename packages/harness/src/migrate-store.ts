/** Moves an embedded store into PostgreSQL, and holds both against the same anchor. */
import { type Actor, type Clock, type Finding, HarnessError, systemClock } from "@colophon/kernel";
import { type MovedCounts, moveStore } from "@colophon/storage/move";
import { openHarness } from "./open-harness.ts";
import { isOnServer, locateStore } from "./store-location.ts";

export interface MigrateStoreRequest {
  /** A file or folder of an embedded store. */
  readonly from: string;
  /** `postgres://user:password@host:port/database`, perhaps with `?schema=NAME`. */
  readonly to: string;
  readonly cwd: string;
  readonly actor: Actor;
  readonly clock?: Clock;
  readonly onMoved?: (moved: MovedCounts) => void;
}

export interface MigratedStore {
  readonly from: string;
  /** Null where nothing was moved, because the first store has findings. */
  readonly to: string | null;
  readonly ok: boolean;
  /** What came over now; what an earlier run has moved does not count. */
  readonly moved: MovedCounts;
  /** What verifying found, in either. */
  readonly findings: readonly (Finding & { readonly store: "from" | "to" })[];
}

const NOTHING: MovedCounts = {
  records: 0, texts: 0, subjects: 0, executions: 0, outcomes: 0, starts: 0, gaps: 0, seals: 0,
}; // biome-ignore format: counts side by side

/**
 * Can be run again after it broke off, and goes on where it ended. The first store stays as it is, but
 * for a last seal. Applications must not write to it meanwhile.
 *
 * @throws HarnessError `usage` for anything but a move from an embedded store to PostgreSQL, `store-busy`
 * where applications still hold rows, and all that opening either store throws.
 * @example
 * const { ok, moved } = await migrateStore({
 *   from: ".colophon",
 *   to: "postgres://colophon_owner@db.example.org/colophon",
 *   cwd: process.cwd(),
 *   actor: { id: "ada", via: "cli" },
 * });
 */
export async function migrateStore(request: MigrateStoreRequest): Promise<MigratedStore> {
  const { from: store, to: url, cwd, actor, clock = systemClock, onMoved } = request;
  if (isOnServer(store) || !isOnServer(url)) {
    throw new HarnessError(
      "usage",
      "A store moves from a file or folder to postgres://…; name them in that order.",
    );
  }
  const { exists, file } = locateStore({ store, cwd });
  if (!exists)
    throw new HarnessError("store-unavailable", `There is no store at ${file}; name the one to move.`);
  const from = await openHarness({ store, cwd, mode: "write", actor, clock });
  try {
    const waiting = await from.spools.drain();
    if (waiting.length > 0) {
      throw new HarnessError(
        "store-busy",
        `${waiting.length} running process(es) still hold rows beside ${file}; stop them, and begin again.`,
      );
    }
    await from.care.seal();
    const before = await from.care.verify();
    const told = {
      from: file,
      findings: before.findings.map((finding) => ({ ...finding, store: "from" as const })),
    };
    if (before.findings.length > 0) return { ...told, to: null, ok: false, moved: NOTHING };
    const anchor = await from.care.anchor();
    const moved = await moveStore({ file, url, clock, ...(onMoved === undefined ? undefined : { onMoved }) });
    const to = await openHarness({ store: url, cwd, mode: "write", actor, clock });
    try {
      await to.care.seal();
      const { findings } = await to.care.verify({ anchor });
      const after = findings.map((finding) => ({ ...finding, store: "to" as const }));
      return { from: file, to: to.store, ok: after.length === 0, moved, findings: after };
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}
