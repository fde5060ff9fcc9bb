/** The scores of one side by case, in columns: a set of a hundred thousand cases takes some ten megabytes. */
import { HarnessError } from "@colophon/kernel";
import type { NameNumbers } from "../name-numbers.ts";
import type { NumberColumn } from "../number-column.ts";

/** A number for each line; NaN for what is not known, 0 and 1 for false and true. */
export interface LineColumns {
  readonly case: NumberColumn;
  readonly repeat: NumberColumn;
  readonly score: NumberColumn;
  readonly required: NumberColumn;
  readonly cost: NumberColumn;
  readonly latency: NumberColumn;
  readonly length: NumberColumn;
  readonly refused: NumberColumn;
}

export interface FoldedLines {
  /** Of the cases, by the numbers in the column `case`. */
  readonly names: NameNumbers;
  /** By those numbers. */
  readonly clusters: readonly (string | null)[];
  readonly slices: readonly (readonly string[])[];
  readonly lines: LineColumns;
  /** Lines without a score. */
  readonly errors: number;
  /** By required metric, the case of the first line that has no score of it. */
  readonly unscored: ReadonlyMap<string, string>;
}

/** Figures of answers that guards compare. */
export type GuardFigure = "cost" | "latency" | "length" | "refused";

interface Frame extends FoldedLines {
  /** Numbers of cases in the order of their names. */
  readonly order: Uint32Array;
  /** Lines by case and repeat; those of the case at `n` begin at `starts[n]`. */
  readonly sorted: Uint32Array;
  readonly starts: Uint32Array;
}

/**
 * Cases are in the order of their names, and repeats in theirs, so that the order of the lines changes no digit
 * of a sum.
 */
export class ScoredSide {
  readonly #frame: Frame;

  /** @throws HarnessError `input-malformed` for a repeat that comes twice. */
  constructor(folded: FoldedLines) {
    const { names, lines } = folded;
    const order = numbersTo(names.size).sort((a, b) => (names.nameOf(a) < names.nameOf(b) ? -1 : 1));
    const ranks = new Uint32Array(names.size);
    for (const [rank, number] of order.entries()) ranks[number] = rank;
    const rankOf = (line: number): number => ranks[lines.case.at(line)] as number;
    const sorted = numbersTo(lines.case.length).sort(
      (a, b) => rankOf(a) - rankOf(b) || lines.repeat.at(a) - lines.repeat.at(b),
    );
    const starts = new Uint32Array(names.size + 1);
    for (const [at, line] of sorted.entries()) starts[rankOf(line) + 1] = at + 1;
    this.#frame = { ...folded, order, sorted, starts };
    checkRepeats(this.#frame);
  }

  /** How many cases there are. */
  get size(): number {
    return this.#frame.order.length;
  }

  get lines(): number {
    return this.#frame.sorted.length;
  }

  /** Lines without a score. */
  get errors(): number {
    return this.#frame.errors;
  }

  /** By required metric, the case of the first line that has no score of it. */
  get unscored(): ReadonlyMap<string, string> {
    return this.#frame.unscored;
  }

  /** By the order of the names. */
  caseAt(at: number): ScoredCase | undefined {
    return at < this.size ? new ScoredCase(this.#frame, at) : undefined;
  }

  *[Symbol.iterator](): Generator<ScoredCase> {
    for (let at = 0; at < this.size; at++) yield new ScoredCase(this.#frame, at);
  }
}

/** One case on one side: it reads the columns when it is asked. */
export class ScoredCase {
  readonly #frame: Frame;
  readonly #at: number;

  constructor(frame: Frame, at: number) {
    this.#frame = frame;
    this.#at = at;
  }

  get #number(): number {
    return this.#frame.order[this.#at] as number;
  }

  get case(): string {
    return this.#frame.names.nameOf(this.#number);
  }

  get cluster(): string | null {
    return this.#frame.clusters[this.#number] ?? null;
  }

  get slices(): readonly string[] {
    return this.#frame.slices[this.#number] ?? [];
  }

  /** Repeats, those without a score among them. */
  get answers(): number {
    const { starts } = this.#frame;
    return (starts[this.#at + 1] as number) - (starts[this.#at] as number);
  }

  /** Repeats that have a score. */
  get scored(): number {
    return this.#known("score").length;
  }

  /** By repeat. */
  get scores(): readonly number[] {
    return this.#known("score");
  }

  /** Over the repeats that have a score; null without one. */
  get mean(): number | null {
    const scores = this.#known("score");
    return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
  }

  /** How many repeats say whether a required rule holds. */
  get ruled(): number {
    return this.#known("required").length;
  }

  /** Repeats on which a required rule failed. */
  get failed(): readonly number[] {
    const { lines } = this.#frame;
    return this.#lines().flatMap((line) => (lines.required.at(line) === 0 ? [lines.repeat.at(line)] : []));
  }

  /** Of the answers that have this figure; a refusal is 1. */
  figures(figure: GuardFigure): readonly number[] {
    return this.#known(figure);
  }

  #lines(): readonly number[] {
    const { sorted, starts } = this.#frame;
    return Array.from(sorted.subarray(starts[this.#at], starts[this.#at + 1]));
  }

  #known(name: keyof LineColumns): readonly number[] {
    const { sorted, starts, lines } = this.#frame;
    const column = lines[name];
    const known: number[] = [];
    const end = starts[this.#at + 1] as number;
    for (let at = starts[this.#at] as number; at < end; at++) {
      const value = column.at(sorted[at] as number);
      if (!Number.isNaN(value)) known.push(value);
    }
    return known;
  }
}

function numbersTo(end: number): Uint32Array {
  const numbers = new Uint32Array(end);
  for (let at = 0; at < end; at++) numbers[at] = at;
  return numbers;
}

function checkRepeats({ sorted, lines, names }: Frame): void {
  for (let at = 1; at < sorted.length; at++) {
    const [before, line] = [sorted[at - 1] as number, sorted[at] as number];
    const repeat = lines.repeat.at(line);
    if (lines.case.at(before) !== lines.case.at(line) || lines.repeat.at(before) !== repeat) continue;
    const name = names.nameOf(lines.case.at(line));
    throw new HarnessError(
      "input-malformed",
      `The case "${name}" has repeat ${repeat} twice; keep one of them.`,
    );
  }
}
