/** Drills by schedule, as a job of whoever watches. */
import type { WatchJob } from "../delivery/watch/watch-jobs.ts";
import type { Harness } from "../harness.ts";
import type { WaitingParts } from "./connected-processes.ts";
import { type DrillAllRequest, type DrillRow, drillAll } from "./drill-all.ts";
import { type FinishedDrill, finishDrills } from "./finish-drill.ts";

/** Without an environment nothing is drilled, and what was cut off is brought back all the same. */
export type DrillSchedule = { readonly environment: null } | (DrillAllRequest & { readonly every: number });

/** A drill that was cut off has waited long enough by the time its lease is over. */
const LOOK_MS = 5_000;

/**
 * Brings back what was cut off, and drills what is due: a prompt once in `every` milliseconds, restarts or
 * not. A watcher runs it beside its looks and waits for it when it is stopped, so that no drill is left in
 * the middle.
 *
 * @example
 * import { setTimeout as pause } from "node:timers/promises";
 * const week = 7 * 86_400_000;
 * const job = drillJob(harness, { environment: "production", share: 0.05, every: week }, { pause });
 */
export function drillJob(harness: Harness, schedule: DrillSchedule, parts: WaitingParts): WatchJob {
  return {
    name: "Drills failed",
    every: LOOK_MS,
    async run() {
      const said = (await finishDrills(harness)).map(finishedWords);
      if (schedule.environment !== null) {
        const rows = await drillAll(harness, { ...schedule, scheduled: true }, parts);
        said.push(...rows.map(drillWords));
      }
      return said.length === 0 ? null : said.join(" ");
    },
  };
}

function finishedWords({ key, environment, version }: FinishedDrill): string {
  const what = version === null ? "people had decided otherwise meanwhile" : `v${version} serves again`;
  return `A drill of ${key} in ${environment} was cut off: ${what}.`;
}

/**
 * One sentence of what a drill came to.
 *
 * @example
 * import { type DrillRow, drillWords } from "@colophon/harness";
 * const told = (rows: readonly DrillRow[]): string => rows.map(drillWords).join("\n");
 */
export function drillWords(row: DrillRow): string {
  const { key, environment, status, from, to, lastFollowed, lastReturned, processes, late, reason } = row;
  const what = `${key} in ${environment}`;
  switch (status) {
    case "followed":
      return `Drilled ${what}: v${from} → v${to} in ${lastFollowed} ms, and back in ${lastReturned} ms, by ${processes} processes.`;
    case "late":
      return `Drilled ${what}: v${from} → v${to}, and ${late.join(", ")} did not follow in time.`;
    case "cut-off":
      return `The drill of ${what} was cut off: ${reason}.`;
    default:
      return `No drill of ${what}: ${reason}${reason?.endsWith(".") ? "" : "."}`;
  }
}
