/** Tells rounds of one question apart: each is asked anew, on answers of its own. */
import { createHash } from "node:crypto";
import type { AnswerCache, KeptAnswer } from "@colophon/evaluation";
import { hashDocument, type RunData } from "@colophon/kernel";

/** A round of a question. */
export interface AskedRound {
  /** 0 for the first, which takes whatever answers were kept before. */
  readonly round: number;
  /** The name under which it is recorded, and gone on with. */
  readonly together: string;
}

/**
 * The newest round; with `fresh` the one after it, unless that was begun and is not complete. A round that was
 * killed before it was recorded is found again, since the same number follows.
 *
 * @param runs of the prompt.
 * @param question its name, whatever the round.
 */
export function askedRound(runs: readonly RunData[], question: string, fresh: boolean): AskedRound {
  const known = new Set(runs.map(({ together }) => together));
  const complete = new Set(runs.flatMap(({ together, end }) => (end === "complete" ? [together] : [])));
  const nameOf = (round: number): string => (round === 0 ? question : hashDocument({ question, round }));
  let round = 0;
  while (known.has(nameOf(round + 1))) round += 1;
  const goesOn = !fresh || (round > 0 && !complete.has(nameOf(round)));
  const asked = goesOn ? round : round + 1;
  return { round: asked, together: nameOf(asked) };
}

/** Answers of the round that is being asked, and of no other. */
export class RoundAnswers implements AnswerCache {
  readonly #answers: AnswerCache;
  #round: AskedRound | undefined;

  constructor(answers: AnswerCache) {
    this.#answers = answers;
  }

  /** Before the first answer is looked for. */
  begin(round: AskedRound): void {
    this.#round = round;
  }

  find(name: string): KeptAnswer | undefined {
    return this.#answers.find(this.#nameOf(name));
  }

  keep(name: string, kept: KeptAnswer): void {
    this.#answers.keep(this.#nameOf(name), kept);
  }

  #nameOf(name: string): string {
    if (this.#round === undefined || this.#round.round === 0) return name;
    return createHash("sha256").update(`${this.#round.together}:${name}`).digest("hex");
  }
}
