/** Puts cases into splits, so that no cluster straddles them and nothing moves between versions. */
import type { Split } from "../eval-case.ts";
import type { CaseSketch, Sketch } from "./case-sketch.ts";
import type { InputProblems } from "./input-problems.ts";

export interface SplitRules {
  /** `given` asks every case for its split; `auto` splits those that name none. */
  readonly mode: "auto" | "given";
  /** Share of clusters that go to `test`, in (0, 1]. */
  readonly testShare: number;
}

export const DEFAULT_SPLIT: SplitRules = { mode: "auto", testShare: 0.5 };

/** A case under its name. */
export interface NamedSketch {
  readonly id: string;
  readonly sketch: Sketch;
}

/** For messages. */
export function placeOf({ id, sketch }: NamedSketch): string {
  return sketch.place ?? `case "${id}" of the set`;
}

/**
 * In the order of the cases. A split that the author gave wins; then that of the version before, so that what
 * was tuned against never becomes a test; else the draw of the cluster or of the variables. A test that is in
 * dev too tests nothing, so that cases which ask the same stay together as well.
 */
export function splitCases(
  cases: readonly NamedSketch[],
  more: { readonly rules: SplitRules; readonly before: readonly CaseSketch[] },
  problems: InputProblems,
): readonly Split[] {
  const { rules, before } = more;
  const units = new Map<string, Split>();
  const ids = new Map<string, Split>();
  for (const { id, unit, split } of before) {
    ids.set(id, split);
    units.set(unit, split);
  }
  const given = givenSplits(cases, problems);
  const remembered = new Map<string, Split>();
  for (const {
    id,
    sketch: { unit },
  } of cases) {
    const known = units.get(unit) ?? ids.get(id);
    // Where cases of both come together, dev has been tuned against, in whatever order they stand.
    if (known !== undefined && remembered.get(unit) !== "dev") remembered.set(unit, known);
  }
  return cases.map((one) => {
    const { unit, draw } = one.sketch;
    const named = given.get(unit);
    if (named !== undefined) return named;
    if (rules.mode === "given") {
      problems.add(placeOf(one), "names no split; write dev or test, or split automatically");
    }
    return remembered.get(unit) ?? (draw < rules.testShare ? "test" : "dev");
  });
}

/** By unit; a unit whose cases are given to both splits is a problem, told once. */
function givenSplits(cases: readonly NamedSketch[], problems: InputProblems): ReadonlyMap<string, Split> {
  const first = new Map<string, { readonly dev?: NamedSketch; readonly test?: NamedSketch }>();
  for (const one of cases) {
    const { split, unit } = one.sketch;
    if (split === null) continue;
    const known = first.get(unit);
    if (known?.[split] === undefined) first.set(unit, { ...known, [split]: one });
  }
  const given = new Map<string, Split>();
  for (const [unit, { dev, test }] of first) {
    given.set(unit, dev === undefined ? "test" : "dev");
    if (dev === undefined || test === undefined) continue;
    const { cluster } = test.sketch;
    problems.add(
      placeOf(test),
      cluster === null
        ? `the same variables are in test here and in dev at ${placeOf(dev)}; they stay in one split`
        : `cluster "${cluster}" is in test here and in dev at ${placeOf(dev)}; a cluster stays in one split`,
    );
  }
  return given;
}
