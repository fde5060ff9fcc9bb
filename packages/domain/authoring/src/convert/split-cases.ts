/** Puts the cases of a small set into the test split, since dividing them by chance could leave it empty. */
import type { ImportedSet, Remarks } from "./imported.ts";

/** Below it, a set is not worth dividing. */
const FEW = 20;

export function splitCases(set: ImportedSet, remarks: Remarks): ImportedSet {
  const { from, cases } = set;
  if (cases.length === 0 || cases.length >= FEW || cases.some(({ split }) => split !== undefined)) return set;
  remarks.changed(
    from,
    `its ${cases.length} cases are all in the test split, since they are fewer than ${FEW}.`,
  );
  return { ...set, cases: cases.map((one) => ({ ...one, split: "test" })) };
}
