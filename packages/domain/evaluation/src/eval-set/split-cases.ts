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

/** What is split as one: a cluster, or a case that stands for itself. */
function unitOf({ cluster, id }: { readonly cluster: string | null; readonly id: string }): string {
  return cluster === null ? `case:${id}` : `cluster:${cluster}`;
}

/**
 * By case id. A split that the author gave wins; then that of the version before, so that what was
 * tuned against never becomes a test; else the first 53 bits of SHA-256 over the cluster or id, which
 * every set draws alike.
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
  for (const [unit, members] of unitsOf(drafts)) {
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

/** Cases that stand for themselves are one where they ask the same: a test that is in dev too tests nothing. */
function unitsOf(drafts: readonly NamedDraft[]): ReadonlyMap<string, readonly NamedDraft[]> {
  const first = new Map<string, string>();
  for (const { cluster, id, variables } of drafts) {
    if (cluster !== null) continue;
    const asked = canonicalJson(variables);
    const known = first.get(asked);
    if (known === undefined || id < known) first.set(asked, id);
  }
  return Map.groupBy(drafts, ({ cluster, id, variables }) =>
    unitOf({ cluster, id: cluster === null ? (first.get(canonicalJson(variables)) ?? id) : id }),
  );
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
