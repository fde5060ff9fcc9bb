/** Rehearses a rollback on what really serves, and measures how long the last process takes to follow. */
import {
  type DrilledPrompt,
  type DrillMeasures,
  decideDrill,
  decideDrillEnd,
  decideDrillReturn,
} from "@colophon/delivery";
import {
  type DrillData,
  type DrillEntry,
  getEnvironment,
  getPrompt,
  HarnessError,
  type RegistryRecord,
} from "@colophon/kernel";
import { changeRegistry, previewChange } from "../change-registry.ts";
import type { Harness } from "../harness.ts";
import {
  connectedProcesses,
  type Following,
  type WaitingParts,
  waitForFollowers,
} from "./connected-processes.ts";
import { DrillLease } from "./drill-lease.ts";
import { bringBack } from "./finish-drill.ts";

export interface DrillRequest {
  readonly key: string;
  readonly environment: string;
  /** Share of units that go back and forth, in (0, 1]; the whole environment unless given. */
  readonly share?: number;
  /** Milliseconds that processes have to follow, each way; ten seconds unless given. */
  readonly timeout?: number;
  readonly scheduled?: boolean;
}

export interface DrillAnswer
  extends Pick<
    DrillData,
    "key" | "environment" | "share" | "lastFollowed" | "lastReturned" | "processes" | "late"
  > {
  /**
   * `followed`: every process did, both ways; `late`: one did not in time; `cut-off`: it was interrupted, or
   * people decided otherwise meanwhile; `insufficient`: no process was there to follow, nothing was recorded.
   */
  readonly status: "followed" | "late" | "cut-off" | "insufficient";
  /** Of its records; null where nothing was recorded. */
  readonly id: string | null;
  readonly from: number | null;
  readonly to: number | null;
  /** Prompts that a release set made live together with it, and that went with it. */
  readonly together: readonly DrilledPrompt[];
  /** In words, why it was cut off or shows nothing; null otherwise. */
  readonly reason: string | null;
}

const TIMEOUT_MS = 10_000;

/**
 * Goes back to what a rollback would go back to, waits until every connected process serves it, and comes
 * forth again, whatever happened in between. What a killed process left is brought back first.
 *
 * The order is safe at every moment: one append says that a drill is on and goes back, so no version serves
 * without a record of why; the next one comes forth and says so; what was measured is recorded last.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `withdrawn`, `nothing-to-roll-back`, or `usage`
 * while another drill or a rollout is on.
 * @example
 * import { setTimeout as pause } from "node:timers/promises";
 * const { status, lastFollowed } = await runDrill(
 *   harness,
 *   { key: "support.triage", environment: "production", share: 0.05 },
 *   { pause },
 * );
 */
export async function runDrill(
  harness: Harness,
  request: DrillRequest,
  parts: WaitingParts,
): Promise<DrillAnswer> {
  const { key, environment } = request;
  const state = await harness.records.state();
  getEnvironment(state, environment);
  const left = getPrompt(state, key).drills.get(environment);
  if (left?.state === "began") await finishLeft(harness, left);
  const id = harness.ids.next();
  const lease = await DrillLease.take(harness, id);
  try {
    const asked = { share: 1, timeout: TIMEOUT_MS, scheduled: false, ...request, id };
    return await drill(harness, asked, { ...parts, lease });
  } finally {
    await lease?.release();
  }
}

async function finishLeft(harness: Harness, left: DrillEntry): Promise<void> {
  const lease = await DrillLease.take(harness, left.id);
  if (lease === null) {
    throw new HarnessError(
      "usage",
      `Another process drills ${left.key} in ${left.environment} at this moment; wait a few seconds for its end.`,
    );
  }
  try {
    await bringBack(harness, left);
  } finally {
    await lease.release();
  }
}

type Asked = Required<DrillRequest> & { readonly id: string };
type Parts = WaitingParts & { readonly lease: DrillLease | null };

async function drill(harness: Harness, asked: Asked, parts: Parts): Promise<DrillAnswer> {
  const { id, key, environment, share, scheduled } = asked;
  const state = await harness.records.state();
  const there = await connectedProcesses(harness, state, environment);
  const place = { key, environment, share };
  const { actor: by, clock } = harness;
  const command = { ...place, id, scheduled, processes: there.length, by, now: clock.now() };
  if (there.length === 0) {
    // What is wrong with the question is said first.
    await previewChange(harness, (now, texts) => decideDrill(now, { ...command, processes: 1, texts }));
    const reason = `no process is connected in ${environment}, so there is nobody to follow`;
    const nothing = { lastFollowed: null, lastReturned: null, processes: 0, late: [] };
    return { ...place, status: "insufficient", ...NOBODY, reason, ...nothing };
  }
  const begun = await changeRegistry(harness, (now, texts) => decideDrill(now, { ...command, texts }));
  const { from, to, together } = begun.result;
  const moved = { ...place, id, from, to, together };
  const wait = (records: readonly RegistryRecord[]): Promise<Following> =>
    follow(harness, { asked, there: { state, processes: there }, records }, parts);
  let back: Following | null = null;
  let forth: Awaited<ReturnType<typeof comeForth>> | null = null;
  try {
    back = await wait(begun.records);
  } finally {
    // Whatever went wrong while waiting, the environment is not left where it is.
    forth = await comeForth(harness, asked, { id, back });
  }
  const { cutOff, records } = forth;
  const measured = measuresOf(back);
  if (cutOff !== null) {
    return { ...moved, status: "cut-off", reason: cutOff, ...measured };
  }
  const returned = await wait(records);
  const measures = {
    ...measured,
    processes: Math.min(measured.processes, returned.processes),
    lastReturned: returned.last,
    late: [...new Set([...measured.late, ...returned.late])],
  };
  const interrupted = returned.interrupted ? INTERRUPTED : null;
  const end = { key, environment, id, measures, cutOff: interrupted, by, now: clock.now() };
  await harness.records.append((now) => decideDrillEnd(now, end));
  const status = interrupted !== null ? "cut-off" : measures.late.length > 0 ? "late" : statusOf(measures);
  return { ...moved, status, reason: interrupted ?? reasonOf(status), ...measures };
}

const NOBODY = { id: null, from: null, to: null, together: [] } as const;
const INTERRUPTED = "it was interrupted before every process had followed";

/** All that were there may have ended meanwhile. */
function statusOf({ processes }: DrillMeasures): "followed" | "insufficient" {
  return processes === 0 ? "insufficient" : "followed";
}

function reasonOf(status: DrillAnswer["status"]): string | null {
  return status === "insufficient" ? "every process that was connected ended meanwhile" : null;
}

interface ToFollow {
  readonly asked: Asked;
  readonly there: Pick<Parameters<typeof waitForFollowers>[1], "state" | "processes">;
  /** Of the append that is to be followed. */
  readonly records: readonly RegistryRecord[];
}

function follow(harness: Harness, { asked, there, records }: ToFollow, parts: Parts): Promise<Following> {
  const { environment, timeout } = asked;
  const { revision = 0, at = harness.clock.now() } = records.at(-1) ?? {};
  const each = async (): Promise<void> => parts.lease?.keep();
  return waitForFollowers(harness, { ...there, environment, revision, at, timeout }, { ...parts, each });
}

function measuresOf(back: Following | null): DrillMeasures {
  const { processes = 0, last = null, late = [] } = back ?? {};
  return { processes, lastFollowed: last, lastReturned: null, late };
}

async function comeForth(
  harness: Harness,
  { key, environment }: Asked,
  { id, back }: { readonly id: string; readonly back: Following | null },
): Promise<{ readonly cutOff: string | null; readonly records: readonly RegistryRecord[] }> {
  const cutOff = back === null || back.interrupted ? INTERRUPTED : null;
  const command = { key, environment, id, measures: measuresOf(back), cutOff, by: harness.actor };
  const { result, records } = await harness.records.append((state) =>
    decideDrillReturn(state, { ...command, now: harness.clock.now() }),
  );
  return { cutOff: result.cutOff, records };
}
