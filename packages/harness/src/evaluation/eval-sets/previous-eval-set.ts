/** The version of an eval set that another one is made from: what is remembered of its cases, and the cases by their places. */
import { type CaseSketch, type EvalCase, sketchCase } from "@colophon/evaluation";
import { digestText } from "./digest-text.ts";
import type { OpenEvalSet } from "./load-eval-set.ts";

export interface PreviousEvalSet {
  readonly set: OpenEvalSet;
  readonly sketches: readonly CaseSketch[];
  /** Cases by their places among the sketches. */
  casesAt(places: readonly number[]): Promise<ReadonlyMap<number, EvalCase>>;
}

export async function readPreviousEvalSet(set: OpenEvalSet): Promise<PreviousEvalSet> {
  const sketches: CaseSketch[] = [];
  const ends: number[] = [];
  for (let at = 0; at < set.chunks.length; at++) {
    for (const one of await set.chunk(at)) sketches.push(sketchCase(one, digestText));
    ends.push(sketches.length);
  }
  return {
    set,
    sketches,
    async casesAt(places) {
      const found = new Map<number, EvalCase>();
      // In order, so that each chunk is read once.
      for (const place of places.toSorted((a, b) => a - b)) {
        const at = ends.findIndex((end) => place < end);
        const cases = await set.chunk(at);
        found.set(place, cases[place - (ends[at - 1] ?? 0)] as EvalCase);
      }
      return found;
    },
  };
}
