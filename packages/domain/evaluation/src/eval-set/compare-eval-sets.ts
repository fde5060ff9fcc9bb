/** What changes from one version of an eval set to the next. */
import { canonicalJson } from "@colophon/kernel";
import type { Split } from "../eval-case.ts";
import type { CaseSketch, Sketch } from "./case-sketch.ts";

/** Ids of cases, sorted. */
export interface EvalSetChange {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Changed cases that were in dev and are in test now: they may have been tuned against. */
  readonly movedToTest: readonly string[];
}

/** A case as it will stand in the set. */
export interface PlacedSketch {
  readonly id: string;
  readonly sketch: Sketch;
  readonly split: Split;
}

export function compareEvalSets(
  before: ReadonlyMap<string, CaseSketch>,
  after: readonly PlacedSketch[],
): EvalSetChange {
  const [added, changed, movedToTest]: [string[], string[], string[]] = [[], [], []];
  const ids = new Set<string>();
  for (const one of after) {
    ids.add(one.id);
    const old = before.get(one.id);
    if (old === undefined) added.push(one.id);
    else if (isChanged(old, one)) changed.push(one.id);
    if (old?.split === "dev" && one.split === "test") movedToTest.push(one.id);
  }
  const removed = [...before.keys()].filter((id) => !ids.has(id));
  return {
    added: added.sort(),
    changed: changed.sort(),
    removed: removed.sort(),
    movedToTest: movedToTest.sort(),
  };
}

function isChanged(old: CaseSketch, { sketch, split }: PlacedSketch): boolean {
  if (old.substance !== sketch.substance || old.split !== split) return true;
  // What a file says keeps where it came from first.
  return sketch.provenance !== null && canonicalJson(old.provenance) !== canonicalJson(sketch.provenance);
}
