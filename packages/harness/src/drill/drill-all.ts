/** Drills every prompt of an environment, or those whose last drill is too long ago. */
import { liveOf, rollbackTarget } from "@colophon/delivery";
import {
  type EpochMs,
  errorCodeOf,
  getEnvironment,
  type PromptState,
  type RegistryState,
} from "@colophon/kernel";
import { withTexts } from "../change-registry.ts";
import type { Harness } from "../harness.ts";
import type { WaitingParts } from "./connected-processes.ts";
import { type DrillAnswer, type DrillRequest, runDrill } from "./run-drill.ts";

export interface DrillAllRequest extends Omit<DrillRequest, "key"> {
  /** Milliseconds since its last drill after which a prompt is drilled again; all of them unless given. */
  readonly every?: number;
}

/** `refused` is a drill that could not begin, such as while a rollout is on; its reason says why. */
export type DrillRow = Omit<DrillAnswer, "status"> & { readonly status: DrillAnswer["status"] | "refused" };

/**
 * One prompt after the other, those that have something to go back to.
 *
 * @throws HarnessError `environment-unknown`.
 * @example
 * import { setTimeout as pause } from "node:timers/promises";
 * const rows = await drillAll(harness, { environment: "production" }, { pause });
 */
export async function drillAll(
  harness: Harness,
  request: DrillAllRequest,
  parts: WaitingParts,
): Promise<readonly DrillRow[]> {
  const { environment, every = 0, ...rest } = request;
  const state = await harness.records.state();
  getEnvironment(state, environment);
  const rows: DrillRow[] = [];
  for (const key of [...state.prompts.keys()].sort()) {
    if (parts.signal?.aborted === true) break;
    const last = drilledAt(state.prompts.get(key), environment);
    if (last !== null && harness.clock.now() - last < every) continue;
    if (!(await hasWayBack(harness, state, { key, environment }))) continue;
    rows.push(await attempt(harness, { ...rest, key, environment }, parts));
  }
  return rows;
}

/** Whether a prompt has a release of its own there and a version to go back to. */
export async function hasWayBack(
  harness: Harness,
  state: RegistryState,
  { key, environment }: { readonly key: string; readonly environment: string },
): Promise<boolean> {
  const live = liveOf(state, key, environment);
  if (live === undefined || live.inherited !== null) return false;
  const { version } = await withTexts(harness, async (texts) =>
    rollbackTarget(state, { key, environment, texts }),
  );
  return version !== null;
}

/** When a drill was last measured to its end; null for never. */
export function drilledAt(prompt: PromptState | undefined, environment: string): EpochMs | null {
  const drill = prompt?.drills.get(environment);
  return drill?.state === "ended" && drill.cutOff === null && drill.processes > 0 ? drill.at : null;
}

async function attempt(harness: Harness, request: DrillRequest, parts: WaitingParts): Promise<DrillRow> {
  try {
    return await runDrill(harness, request, parts);
  } catch (error) {
    if (errorCodeOf(error) === undefined || !(error instanceof Error)) throw error;
    const { key, environment, share = 1 } = request;
    const nothing = { id: null, from: null, to: null, together: [], lastFollowed: null, lastReturned: null };
    const reason = error.message;
    return { key, environment, share, status: "refused", reason, processes: 0, late: [], ...nothing };
  }
}
