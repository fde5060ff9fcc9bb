/** Gathers everything that is wrong with an input, so that it is said at once and nothing is half taken in. */
import { HarnessError } from "@colophon/kernel";

/** Problems beyond these are counted only. */
const SAID = 10;

export class InputProblems {
  readonly #list: { readonly place: string; readonly what: string }[] = [];

  /** A place and what is wrong there, without a full stop: `line 3`, `names no split`. */
  add(place: string, what: string): void {
    this.#list.push({ place, what });
  }

  /** @throws HarnessError `input-malformed` naming the problems of `input`, when there are any. */
  refuse(input: string): void {
    const { length } = this.#list;
    if (length === 0) return;
    const inOrder = this.#list.toSorted((a, b) => lineOf(a.place) - lineOf(b.place));
    const said = inOrder
      .slice(0, SAID)
      .map(({ place, what }) => `${place}: ${what}`)
      .join("; ");
    const more = length > SAID ? `; and ${length - SAID} more` : "";
    throw new HarnessError(
      "input-malformed",
      `${input} cannot be taken in: ${said}${more}. Nothing was recorded.`,
      { details: { problems: length } },
    );
  }
}

/** Lines in their order, and then what stands in none. */
function lineOf(place: string): number {
  return Number(/^line (\d+)/.exec(place)?.[1] ?? Number.MAX_SAFE_INTEGER);
}
