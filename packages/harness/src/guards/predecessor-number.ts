/** What the version before the live one did, by the measure of a standing guard. */
import { type CostOf, liveOf, releaseLog, StandingGuards } from "@colophon/delivery";
import type { GuardEntry, RegistryState } from "@colophon/kernel";
import type { Harness } from "../harness.ts";

/** The predecessor's newest calls are what it is remembered by. */
const MOST_CALLS = 2_000;

export interface PredecessorNumber {
  readonly version: number;
  /** Null where too few of its calls say it. */
  readonly value: number | null;
}

/** Null where nothing else was live before. */
export async function predecessorNumber(
  harness: Harness,
  {
    state,
    guard,
    costOf,
  }: { readonly state: RegistryState; readonly guard: GuardEntry; readonly costOf: CostOf },
): Promise<PredecessorNumber | null> {
  const { key, environment } = guard;
  const live = liveOf(state, key, environment);
  if (live === undefined) return null;
  const log = releaseLog(state, key, { environment: live.release.environment, lane: "live" });
  const before = log.find(
    (one) => one.version !== null && one.version !== live.version && one.drill === undefined,
  );
  const version = before?.version ?? null;
  if (version === null) return null;
  const executions = await harness.ledger.listExecutions({
    ...{ prompt: key, environment, version, purpose: "serve", limit: MOST_CALLS },
    until: live.release.at,
  });
  const rows = new Map(executions.map((row) => [row.id, row]));
  const said = await harness.ledger.listOutcomes(rows.keys());
  const outcomes = said.flatMap((outcome) => {
    const execution = rows.get(outcome.execution);
    return execution === undefined ? [] : [{ outcome, execution }];
  });
  const times = [...executions.map(({ at }) => at), ...said.map(({ at }) => at)];
  const [first, now] = [Math.min(...times), Math.max(...times)];
  // One window over all of it, so that the number is measured as the guard's own is.
  const whole = {
    ...guard,
    against: "limit",
    fired: [],
    window: Math.max(guard.window, now - first + 1),
  } as const;
  const guards = new StandingGuards({ costOf });
  guards.follow([whole]);
  guards.fold({ executions, outcomes });
  const { value, count } = guards.reading(guard.id, { version, now });
  return { version, value: count < guard.minimum ? null : value };
}
