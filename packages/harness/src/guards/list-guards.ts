/** Lists standing guards with where each stands now. */
import {
  type CostOf,
  liveOf,
  priceExecution,
  StandingGuards,
  type StandingReading,
} from "@colophon/delivery";
import {
  type GuardData,
  type GuardEntry,
  getEnvironment,
  getPrompt,
  type RegistryState,
} from "@colophon/kernel";
import { openPrices } from "../costs/house-prices.ts";
import type { Harness } from "../harness.ts";
import { type PredecessorNumber, predecessorNumber } from "./predecessor-number.ts";

export interface GuardsQuery {
  readonly key: string;
  readonly environment?: string;
}

export interface GuardRow extends Omit<GuardData, "active"> {
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  /** The version that is live; null where none is. */
  readonly version: number | null;
  readonly state: StandingReading["state"];
  /** What its window says now; null without data. */
  readonly value: number | null;
  /** What `value` is held against; null where the predecessor's number is not known. */
  readonly bound: number | null;
  readonly count: number;
  /** Versions that it has fired about. */
  readonly fired: readonly number[];
  /** In words, where it stands. */
  readonly words: string;
}

/**
 * In the order in which they were set. Reads the rows of each guard's window as the watcher does, so it tells
 * the same with nobody watching.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, or `input-malformed` or `time-invalid` for a
 * price file.
 * @example
 * const breached = (await listGuards(harness, { key: "support.triage" })).filter(({ state }) => state === "breached");
 */
export async function listGuards(harness: Harness, query: GuardsQuery): Promise<readonly GuardRow[]> {
  const { key, environment } = query;
  const state = await harness.records.state();
  const { guards } = getPrompt(state, key);
  if (environment !== undefined) getEnvironment(state, environment);
  const wanted = [...guards.values()].filter(
    (one) => environment === undefined || one.environment === environment,
  );
  if (wanted.length === 0) return [];
  const { book } = await openPrices(harness);
  const costOf: CostOf = (row) => priceExecution(row, book);
  const standing = new StandingGuards({ costOf });
  standing.follow(wanted);
  await foldWindow(harness, standing, wanted);
  const rows: GuardRow[] = [];
  for (const guard of wanted) rows.push(await rowOf(harness, guard, { state, standing, costOf }));
  return rows;
}

async function foldWindow(
  { ledger, clock }: Harness,
  standing: StandingGuards,
  guards: readonly GuardEntry[],
): Promise<void> {
  const since = clock.now() - Math.max(...guards.map(({ window }) => window));
  const prompts = [...new Set(guards.map(({ key }) => key))];
  let page = await ledger.listArrivals({ since, prompts });
  standing.fold(page);
  while (!page.done) {
    page = await ledger.listArrivals({ after: page.cursor, prompts });
    standing.fold(page);
  }
}

interface Standing {
  readonly state: RegistryState;
  readonly standing: StandingGuards;
  readonly costOf: CostOf;
}

async function rowOf(harness: Harness, guard: GuardEntry, parts: Standing): Promise<GuardRow> {
  const { state, standing, costOf } = parts;
  const { active: _active, revision: _revision, at, by, fired, ...rule } = guard;
  const told = { ...rule, by: by.id, at: new Date(at).toISOString(), fired };
  const live = liveOf(state, guard.key, guard.environment);
  if (live === undefined) {
    const words = `nothing of ${guard.key} is live in ${guard.environment}`;
    return { ...told, version: null, state: "no-data", value: null, bound: null, count: 0, words };
  }
  const before =
    guard.against === "limit" ? null : await predecessorNumber(harness, { state, guard, costOf });
  const question = { version: live.version, now: harness.clock.now(), predecessor: before?.value ?? null };
  const { state: stands, value, limit, count, words } = standing.reading(guard.id, question);
  const missing = guard.against === "limit" || limit !== null ? "" : `; ${unknownWords(guard, before)}`;
  return {
    ...told,
    version: live.version,
    state: stands,
    value,
    bound: limit,
    count,
    words: `${words}${missing}`,
  };
}

function unknownWords({ metric, minimum }: GuardEntry, before: PredecessorNumber | null): string {
  return before === null
    ? "no other version was live before"
    : `fewer than ${minimum} observations of v${before.version} say what its ${metric} was`;
}
