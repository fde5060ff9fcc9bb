/** Makes the next version of an eval set out of drafts, and records it all or not at all. */
import {
  buildEvalSet,
  type CaseDraft,
  compareEvalSets,
  type DecidedEvalSet,
  decideEvalSet,
  type EvalSetChange,
  evalSetName,
  type FoldedCase,
  hashEvalSet,
  InputProblems,
  promptsOf,
  type ScorerSpec,
  type SplitRules,
} from "@colophon/evaluation";
import type { Harness } from "../../harness.ts";
import type { CheckerOf } from "../../registry-declaration.ts";
import { checkScorers, checkVariables, contractsOf } from "./check-cases.ts";
import { holdCopies } from "./copied-subjects.ts";
import { defaultScorers } from "./default-scorers.ts";
import { contentOf } from "./load-eval-set.ts";

export interface EvalSetRequest {
  readonly name: string;
  /** What the drafts come from, for messages. */
  readonly source: string;
  readonly drafts: readonly CaseDraft[];
  /** Null for those of the version before. */
  readonly scorers: readonly ScorerSpec[] | null;
  /** Whether the cases of the version before stay beside the drafts; one with the same id makes way. */
  readonly add: boolean;
  readonly split: SplitRules;
  readonly owner?: string | null;
  readonly refreshDays?: number | null;
  /** Prompts whose contract the cases must fit beside those that name the set. */
  readonly prompts: readonly string[];
  /** Takes in contents of calls that name a subject, which a version keeps beyond an erasure. */
  readonly keepContents: boolean;
  readonly checkerOf: CheckerOf;
}

export interface ChangedEvalSet extends DecidedEvalSet {
  readonly change: EvalSetChange;
  readonly folded: readonly FoldedCase[];
  /** Scorers that were filled in for want of others. */
  readonly filledScorers: readonly string[];
  /** Contracts that the cases were held against. */
  readonly contracts: readonly string[];
}

/** @throws HarnessError `input-malformed`, `usage`, `key-unknown` or `version-unknown`. */
export async function changeEvalSet(harness: Harness, request: EvalSetRequest): Promise<ChangedEvalSet> {
  evalSetName(request.name);
  for (;;) {
    const changed = await tryChange(harness, request);
    // Somebody else recorded a version meanwhile: the cases that stay are others now.
    if (changed !== "moved") return changed;
  }
}

async function tryChange(harness: Harness, request: EvalSetRequest): Promise<ChangedEvalSet | "moved"> {
  const { name, add, split, owner, refreshDays, keepContents, checkerOf } = request;
  const state = await harness.records.state();
  const last = state.evalSets.get(name)?.at(-1);
  const before = last === undefined ? null : await contentOf(harness, last);
  const problems = new InputProblems();
  const { scorers, drafts, filled } = defaultScorers(
    request.scorers ?? before?.scorers ?? [],
    request.drafts,
    problems,
  );
  checkScorers(scorers, drafts, { checkerOf, problems });
  await holdCopies(harness, drafts, { before, keepContents, problems });
  const keys = [...new Set([...promptsOf(state, name), ...request.prompts])];
  const contracts = await contractsOf(harness, state, keys);
  checkVariables(drafts, contracts, { checkerOf, problems });
  const kept = add ? (before?.cases ?? []) : [];
  const { content, folded } = buildEvalSet({ name, scorers, drafts, kept, split, before }, problems);
  problems.refuse(request.source);
  const command = {
    content,
    hash: hashEvalSet(content),
    basis: last?.hash ?? null,
    owner,
    refreshDays,
    by: harness.actor,
  };
  const { result } = await harness.records.append((now) => decideEvalSet(now, command));
  if (result === "moved") return result;
  return {
    ...result,
    change: compareEvalSets(before, content),
    folded,
    filledScorers: filled,
    contracts: contracts.map((contract) => contract.name),
  };
}
