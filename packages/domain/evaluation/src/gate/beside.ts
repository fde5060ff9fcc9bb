/** Goes through the cases of two sides together, by their names. */
import type { ScoredCase, ScoredSide } from "./scored-side.ts";

/** A case on both sides; undefined where that side does not have it. */
export interface CaseBeside {
  readonly case: string;
  readonly other: ScoredCase | undefined;
  readonly own: ScoredCase | undefined;
}

/** In the order of the names; without another side, the cases of the one alone. */
export function* beside(other: ScoredSide | null, own: ScoredSide): Generator<CaseBeside> {
  let [atOther, atOwn] = [0, 0];
  for (;;) {
    const [theirs, ours] = [other?.caseAt(atOther), own.caseAt(atOwn)];
    const first = theirs ?? ours;
    if (first === undefined) return;
    const name = ours !== undefined && ours.case < first.case ? ours.case : first.case;
    const [inOther, inOwn] = [theirs?.case === name, ours?.case === name];
    yield { case: name, other: inOther ? theirs : undefined, own: inOwn ? ours : undefined };
    if (inOther) atOther += 1;
    if (inOwn) atOwn += 1;
  }
}
