/** Lists eval sets, and shows a version of one. */
import { type EvalCase, evalSetAge, promptsOf, type ScorerSpec } from "@colophon/evaluation";
import type { EpochMs, EvalSetEntry, RegistryState } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { loadEvalSet } from "./load-eval-set.ts";

/** A version of an eval set; times are ISO 8601. */
export interface EvalSetRow {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
  readonly dev: number;
  readonly test: number;
  readonly owner: string | null;
  readonly refreshDays: number | null;
  /** When its cases were recorded. */
  readonly at: string;
  readonly by: string;
  readonly days: number;
  readonly due: string | null;
  readonly overdue: boolean;
  /** Prompts whose metadata name the set. */
  readonly prompts: readonly string[];
}

/**
 * The newest version of each set, in the order of their names.
 */
export async function listEvalSets(harness: Harness): Promise<readonly EvalSetRow[]> {
  const state = await harness.records.state();
  return [...state.evalSets.values()]
    .flatMap((versions) => versions.at(-1) ?? [])
    .map((entry) => rowOf(state, entry, harness.clock.now()))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export interface EvalSetSlice {
  readonly tag: string;
  readonly dev: number;
  readonly test: number;
}

export interface ShownEvalSet extends EvalSetRow {
  readonly scorers: readonly ScorerSpec[];
  readonly slices: readonly EvalSetSlice[];
  /** Clusters of more than one case. */
  readonly clusters: number;
  readonly cases: readonly EvalCase[];
  /** Every version, oldest first. */
  readonly versions: readonly EvalSetRow[];
}

/**
 * The version that a reference names, or the newest, with its cases and history.
 *
 * @throws HarnessError `usage`, `eval-set-unknown`, `version-unknown` or `store-corrupt`.
 */
export async function showEvalSet(harness: Harness, reference: string): Promise<ShownEvalSet> {
  const { entry, content } = await loadEvalSet(harness, reference);
  const state = await harness.records.state();
  const now = harness.clock.now();
  const { cases, scorers } = content;
  const sizes = Map.groupBy(cases, ({ cluster }) => cluster);
  return {
    ...rowOf(state, entry, now),
    scorers,
    slices: slicesOf(cases),
    clusters: [...sizes].filter(([cluster, members]) => cluster !== null && members.length > 1).length,
    cases,
    versions: (state.evalSets.get(entry.name) ?? []).map((version) => rowOf(state, version, now)),
  };
}

function slicesOf(cases: readonly EvalCase[]): readonly EvalSetSlice[] {
  const tags = [...new Set(cases.flatMap(({ tags }) => tags))].sort();
  return tags.map((tag) => {
    const tagged = cases.filter(({ tags }) => tags.includes(tag));
    const test = tagged.filter(({ split }) => split === "test").length;
    return { tag, dev: tagged.length - test, test };
  });
}

export function rowOf(state: RegistryState, entry: EvalSetEntry, now: EpochMs): EvalSetRow {
  const { name, version, hash, cases, owner, refreshDays, made, by } = entry;
  const { days, due, overdue } = evalSetAge(entry, now);
  return {
    name,
    version,
    hash,
    dev: cases.dev,
    test: cases.test,
    owner,
    refreshDays,
    at: new Date(made).toISOString(),
    by: by.id,
    days,
    due: due === null ? null : new Date(due).toISOString(),
    overdue,
    prompts: promptsOf(state, name),
  };
}
