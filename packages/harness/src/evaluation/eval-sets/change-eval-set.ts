/** Makes the next version of an eval set out of drafts, and records it all or not at all. */
import {
  type CaseDraft,
  type DecidedEvalSet,
  type DraftSketch,
  decideEvalSet,
  type EvalSetChange,
  type EvalSetPlan,
  evalSetName,
  type FoldedCase,
  InputProblems,
  planEvalSet,
  promptsOf,
  type ScorerSpec,
  type SplitRules,
  sketchDraft,
} from "@colophon/evaluation";
import { canonicalJson, hashDocument } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import type { CheckerOf } from "../../registry-declaration.ts";
import { type CaseContract, contractsOf, scorerCheck, variablesCheck } from "./check-cases.ts";
import { holdCopy } from "./copied-subjects.ts";
import { type DefaultedScorers, defaultScorers } from "./default-scorers.ts";
import { digestText } from "./digest-text.ts";
import type { DraftSource } from "./draft-source.ts";
import { keepEvalSet } from "./keep-eval-set.ts";
import { openEvalSet } from "./load-eval-set.ts";
import { type PreviousEvalSet, readPreviousEvalSet } from "./previous-eval-set.ts";

export interface EvalSetRequest {
  readonly name: string;
  /** What the drafts come from, for messages. */
  readonly source: string;
  readonly drafts: DraftSource;
  /** @throws HarnessError where the drafts are no longer what they were. */
  readonly checkUnchanged?: () => void;
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
  const { name, add, split, owner, refreshDays } = request;
  const state = await harness.records.state();
  const last = state.evalSets.get(name)?.at(-1);
  const before = last === undefined ? null : await readPreviousEvalSet(await openEvalSet(harness, last));
  const problems = new InputProblems();
  const defaulted = defaultScorers(request.scorers ?? before?.set.scorers ?? [], request.drafts, problems);
  const { scorers, filled, complete } = defaulted;
  const keys = [...new Set([...promptsOf(state, name), ...request.prompts])];
  const contracts = await contractsOf(harness, state, keys);
  const drafts = await sketchDrafts(harness, request, { before, contracts, problems, defaulted });
  const parts = { name, drafts, before: before?.sketches ?? [], add, split, digest: digestText };
  const plan = planEvalSet(parts, problems);
  problems.refuse(request.source);
  const draft = (index: number): CaseDraft => complete(request.drafts.at(index) as CaseDraft);
  const isSame = before !== null && isUnchanged(plan, scorers, before);
  const document = isSame ? null : await keepEvalSet(harness, { name, scorers, plan, draft, before });
  request.checkUnchanged?.();
  const command = {
    ...{ name, document, cases: plan.cases, owner, refreshDays },
    hash: document === null ? (last?.hash ?? "") : hashDocument(document),
    basis: last?.hash ?? null,
    by: harness.actor,
  };
  const { result } = await harness.records.append((now) => decideEvalSet(now, command));
  if (result === "moved") return result;
  return {
    ...result,
    change: plan.change,
    folded: plan.folded,
    filledScorers: filled,
    contracts: contracts.map((contract) => contract.name),
  };
}

interface DraftRules {
  readonly before: PreviousEvalSet | null;
  readonly contracts: readonly CaseContract[];
  readonly problems: InputProblems;
  readonly defaulted: DefaultedScorers;
}

/** Holds every draft against all that it has to fit. */
async function sketchDrafts(
  harness: Harness,
  { drafts, keepContents, checkerOf }: EvalSetRequest,
  { before, contracts, problems, defaulted }: DraftRules,
): Promise<readonly DraftSketch[]> {
  const checkScorers = scorerCheck(defaulted.scorers, { checkerOf, problems });
  const checkVariables = variablesCheck(contracts, { checkerOf, problems });
  const known = new Map(before?.sketches.map(({ id, asked }) => [id, asked]));
  const sketches: DraftSketch[] = [];
  for (const given of drafts) {
    const draft = defaulted.complete(given);
    checkScorers(draft);
    if (draft.provenance.source === "execution") {
      await holdCopy(harness, draft, { before: known, keepContents, problems });
    }
    checkVariables(draft);
    sketches.push(sketchDraft(draft, digestText));
  }
  return sketches;
}

/** The same cases are the same version, in whatever form an older edition kept them. */
function isUnchanged(
  { change: { added, changed, removed } }: EvalSetPlan,
  scorers: readonly ScorerSpec[],
  { set }: PreviousEvalSet,
): boolean {
  const isSame = added.length + changed.length + removed.length === 0;
  return isSame && canonicalJson(scorers) === canonicalJson(set.scorers);
}
