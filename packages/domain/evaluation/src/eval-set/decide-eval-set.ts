/** Decides what is recorded when an eval set is given: a new version, changed facts, or nothing. */
import { type Actor, HarnessError, type RecordDecision, type RegistryState } from "@colophon/kernel";
import type { EvalSetContent, Split } from "../eval-case.ts";
import { evalSetName } from "./eval-set-reference.ts";

export interface EvalSetCommand {
  readonly content: EvalSetContent;
  /** `hashEvalSet` of the content: taken by the caller, since this runs under the store's lock. */
  readonly hash: string;
  /** Hash of the version that the content was made from; null for a first one. */
  readonly basis: string | null;
  /** As before where left out. */
  readonly owner?: string | null;
  /** Days after which the set is overdue, null for never; as before where left out. */
  readonly refreshDays?: number | null;
  readonly by: Actor;
}

export interface DecidedEvalSet {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
  readonly cases: { readonly dev: number; readonly test: number };
  readonly owner: string | null;
  readonly refreshDays: number | null;
  /** Whether this made a version. */
  readonly created: boolean;
  /** Whether nothing was recorded at all. */
  readonly unchanged: boolean;
}

/** Somebody recorded another version since the content was made: `moved` asks for it to be made anew. */
export type EvalSetDecision = DecidedEvalSet | "moved";

/**
 * The same content again makes no version; other facts about it are a record about the same version.
 *
 * @throws HarnessError `usage` for a name that is none, or days that are no count of days.
 */
export function decideEvalSet(
  state: RegistryState,
  command: EvalSetCommand,
): RecordDecision<EvalSetDecision> {
  const { content, hash, by } = command;
  const name = evalSetName(content.name);
  const last = state.evalSets.get(name)?.at(-1);
  if ((last?.hash ?? null) !== command.basis) return { drafts: [], result: "moved" };
  const { owner = last?.owner ?? null, refreshDays = last?.refreshDays ?? null } = command;
  if (refreshDays !== null && !(Number.isSafeInteger(refreshDays) && refreshDays >= 1)) {
    throw new HarnessError(
      "usage",
      `A set cannot be refreshed every ${refreshDays} days; give a whole number from 1.`,
    );
  }
  const created = last?.hash !== hash;
  const version = created ? (last?.version ?? 0) + 1 : last.version;
  const data = { name, version, hash, cases: countCases(content), owner, refreshDays };
  const unchanged = !created && last.owner === owner && last.refreshDays === refreshDays;
  const result = { ...data, created, unchanged };
  if (unchanged) return { drafts: [], result };
  return { drafts: [{ kind: "eval-set", by, data }], documents: [content], result };
}

/** How many cases a content has in each split. */
export function countCases({ cases }: EvalSetContent): { readonly dev: number; readonly test: number } {
  const inSplit = (split: Split): number => cases.filter((one) => one.split === split).length;
  return { dev: inSplit("dev"), test: inSplit("test") };
}
