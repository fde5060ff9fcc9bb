/** Puts cases into splits, so that no cluster straddles them and nothing moves between versions. */
import { canonicalJson, unitDraw } from "@colophon/kernel";
import type { EvalCase, Split } from "../eval-case.ts";
import type { CaseDraft } from "./case-draft.ts";
import type { InputProblems } from "./input-problems.ts";

export interface SplitRules {
  /** `given` asks every case for its split; `auto` splits those that name none. */
  readonly mode: "auto" | "given";
  /** Share of clusters that go to `test`, in (0, 1]. */
  readonly testShare: number;
}

export const DEFAULT_SPLIT: SplitRules = { mode: "auto", testShare: 0.5 };

export interface NamedDraft extends CaseDraft {
  readonly id: string;
}

/**
 * What is split as one: a cluster, or the cases without one that ask the same, since a test that is in
 * dev too tests nothing. By what they ask and not by their ids, so that no other case can move them.
 */
function unitOf({ cluster, variables }: Pick<EvalCase, "cluster" | "variables">): string {
  return cluster === null ? `asked:${canonicalJson(variables)}` : `cluster:${cluster}`;
}

/**
 * By case id. A split that the author gave wins; then that of the version before, so that what was
 * tuned against never becomes a test; else the first 53 bits of SHA-256 over the cluster or the
 * variables, which every set draws alike.
 */
export function splitCases(
  drafts: readonly NamedDraft[],
  more: { readonly rules: SplitRules; readonly before: readonly EvalCase[] },
  problems: InputProblems,
): ReadonlyMap<string, Split> {
  const { rules, before } = more;
  const known = new Map<string, Split>();
  for (const one of before) {
    known.set(`case:${one.id}`, one.split);
    known.set(unitOf(one), one.split);
  }
  const splits = new Map<string, Split>();
  for (const [unit, members] of Map.groupBy(drafts, unitOf)) {
    const given = givenSplit(members, problems);
    if (given === null && rules.mode === "given") {
      for (const { place } of members)
        problems.add(place, "names no split; write dev or test, or split automatically");
    }
    const before = known.get(unit) ?? members.map(({ id }) => known.get(`case:${id}`)).find(Boolean);
    const split = given ?? before ?? (unitDraw(`colophon.split:${unit}`) < rules.testShare ? "test" : "dev");
    for (const { id } of members) splits.set(id, split);
  }
  return splits;
}

function givenSplit(members: readonly NamedDraft[], problems: InputProblems): Split | null {
  const dev = members.find(({ split }) => split === "dev");
  const test = members.find(({ split }) => split === "test");
  if (dev !== undefined && test !== undefined) {
    problems.add(
      test.place,
      test.cluster === null
        ? `the same variables are in test here and in dev at ${dev.place}; they stay in one split`
        : `cluster "${test.cluster}" is in test here and in dev at ${dev.place}; a cluster stays in one split`,
    );
  }
  return dev?.split ?? test?.split ?? null;
}
