/** Ends drills whose process ended in the middle: the version that was live comes back. */
import { decideDrillReturn } from "@colophon/delivery";
import type { DrillEntry } from "@colophon/kernel";
import type { Harness } from "../harness.ts";
import { DrillLease } from "./drill-lease.ts";

export interface FinishedDrill {
  readonly key: string;
  readonly environment: string;
  /** The version that serves again; null where people had decided otherwise meanwhile. */
  readonly version: number | null;
}

const CUT_OFF = "the process that drilled ended in the middle";

/**
 * Looks for drills that went back and have not come forth, and brings back those that nobody holds: a drill
 * holds its lease for as long as its process lives, and a few seconds more.
 *
 * @example
 * for (const { key, version } of await finishDrills(harness)) console.log(`${key}@v${version} serves again`);
 */
export async function finishDrills(harness: Harness): Promise<readonly FinishedDrill[]> {
  const state = await harness.records.state();
  const open = [...state.prompts.values()].flatMap(({ drills }) =>
    [...drills.values()].filter((drill) => drill.state === "began"),
  );
  const finished: FinishedDrill[] = [];
  for (const drill of open) {
    const lease = await DrillLease.take(harness, drill.id);
    if (lease === null) continue;
    try {
      const version = await bringBack(harness, drill);
      if (version !== undefined) finished.push({ ...placeOf(drill), version });
    } finally {
      await lease.release();
    }
  }
  return finished;
}

/** Undefined where it had come back already. Whoever calls this holds the drill's lease. */
export async function bringBack(harness: Harness, drill: DrillEntry): Promise<number | null | undefined> {
  const { id, from, lastFollowed, lastReturned, processes, late } = drill;
  const measures = { lastFollowed, lastReturned, processes, late };
  const { records, result } = await harness.records.append((state) =>
    decideDrillReturn(state, {
      ...placeOf(drill),
      ...{ id, measures, cutOff: CUT_OFF, by: harness.actor, now: harness.clock.now() },
    }),
  );
  if (records.length === 0) return undefined;
  return result.returned ? from : null;
}

function placeOf({ key, environment }: DrillEntry) {
  return { key, environment };
}
