/** What changes from one version of an eval set to the next. */
import { canonicalJson } from "@colophon/kernel";
import type { EvalCase, EvalSetContent } from "../eval-case.ts";

/** Ids of cases, sorted. */
export interface EvalSetChange {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Changed cases that were in dev and are in test now: they may have been tuned against. */
  readonly movedToTest: readonly string[];
}

export function compareEvalSets(before: EvalSetContent | null, after: EvalSetContent): EvalSetChange {
  const known = new Map((before?.cases ?? []).map((one) => [one.id, one]));
  const ids = new Set(after.cases.map(({ id }) => id));
  const idsOf = (cases: readonly EvalCase[]): readonly string[] => cases.map(({ id }) => id).sort();
  return {
    added: idsOf(after.cases.filter(({ id }) => !known.has(id))),
    changed: idsOf(
      after.cases.filter((one) => {
        const old = known.get(one.id);
        return old !== undefined && canonicalJson(old) !== canonicalJson(one);
      }),
    ),
    removed: idsOf([...known.values()].filter(({ id }) => !ids.has(id))),
    movedToTest: idsOf(
      after.cases.filter(({ id, split }) => split === "test" && known.get(id)?.split === "dev"),
    ),
  };
}
