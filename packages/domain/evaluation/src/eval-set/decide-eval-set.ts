/** Decides what is recorded when an eval set is given: a new version, changed facts, or nothing. */
import { type Actor, HarnessError, type RecordDecision, type RegistryState } from "@colophon/kernel";
import type { EvalSetDocument } from "./eval-set-document.ts";
import { evalSetName } from "./eval-set-reference.ts";

export interface EvalSetCommand {
  readonly name: string;
  /** The whole content, or the head of chunks that the store has already; null for the content of `basis`. */
  readonly document: EvalSetDocument | null;
  /** `hashDocument` of the document: taken by the caller, since this runs under the store's lock. */
  readonly hash: string;
  readonly cases: { readonly dev: number; readonly test: number };
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
  const { document, hash, cases, by } = command;
  const name = evalSetName(command.name);
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
  const data = { name, version, hash, cases, owner, refreshDays };
  const unchanged = !created && last.owner === owner && last.refreshDays === refreshDays;
  const result = { ...data, created, unchanged };
  if (unchanged) return { drafts: [], result };
  const documents = document === null ? [] : [document];
  return { drafts: [{ kind: "eval-set", by, data }], documents, result };
}
