/** Makes whole contents of eval sets out of drafts, for tests of what is in them. */
import { sha256 } from "@colophon/kernel";
import type { EvalCase, EvalSetContent, ScorerSpec } from "../eval-case.ts";
import type { CaseDraft } from "./case-draft.ts";
import { type Digest, sketchCase, sketchDraft } from "./case-sketch.ts";
import { InputProblems } from "./input-problems.ts";
import { type EvalSetPlan, finishCase, planEvalSet } from "./plan-eval-set.ts";
import { DEFAULT_SPLIT, type SplitRules } from "./split-cases.ts";

export interface BuildParts {
  readonly scorers?: readonly ScorerSpec[];
  readonly add?: boolean;
  readonly split?: SplitRules;
  readonly before?: EvalSetContent | null;
}

export interface BuiltEvalSet {
  readonly content: EvalSetContent;
  readonly plan: EvalSetPlan;
}

const digest: Digest = (text) =>
  Uint8Array.from(sha256(text).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

/** In the order of the ids, whatever chunks it would be kept in. */
export function tryBuild(drafts: readonly CaseDraft[], parts: BuildParts = {}): BuiltEvalSet {
  const { scorers = [], add = false, split = DEFAULT_SPLIT, before = null } = parts;
  const problems = new InputProblems();
  const old = before?.cases ?? [];
  const plan = planEvalSet(
    {
      ...{ name: "triage", add, split, digest },
      drafts: drafts.map((draft) => sketchDraft(draft, digest)),
      before: old.map((one) => sketchCase(one, digest)),
    },
    problems,
  );
  problems.refuse("cases.jsonl");
  const cases = plan.chunks.flat().map((one): EvalCase => {
    const origin = one.before === null ? null : (old[one.before] as EvalCase);
    if (one.draft === null) return { ...(origin as EvalCase), split: one.split };
    return finishCase(drafts[one.draft] as CaseDraft, one, origin);
  });
  cases.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { content: { format: 1, name: "triage", scorers, cases }, plan };
}

export function build(drafts: readonly CaseDraft[], parts?: BuildParts): EvalSetContent {
  return tryBuild(drafts, parts).content;
}
