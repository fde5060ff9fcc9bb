/** The scorers `edit-distance`, `token-f1` and `rouge-l`: how near the answer comes to the expected text. */
import { editDistance } from "@colophon/kernel";
import { rougeL, tokenF1 } from "@colophon/methods";
import type { Scorer } from "../scorer.ts";
import { defineScorer } from "./define-scorer.ts";
import { againstText } from "./expected-text.ts";
import { optional, SHARE, TEXT } from "./option.ts";
import { graded, noScore } from "./score-outcome.ts";

/** These measures take time in proportion to the product of both lengths. */
const LONGEST = 100_000;

function textDistance(name: string, nearness: (said: string, wanted: string) => number): Scorer {
  return defineScorer({
    name,
    options: { value: optional(TEXT), threshold: optional(SHARE) },
    prepare:
      ({ value, threshold }) =>
      (input) =>
        againstText(input, value, (wanted) => {
          const said = input.text ?? "";
          if (Math.max(said.length, wanted.length) > LONGEST) {
            return noScore(`The texts are longer than the ${LONGEST} characters that "${name}" compares.`);
          }
          return graded(nearness(said, wanted), threshold);
        }),
  });
}

/** 1 minus the share of characters that had to be changed (Levenshtein, over the longer text). */
export const editDistanceScorer = textDistance(
  "edit-distance",
  (said, wanted) => 1 - editDistance(said, wanted),
);
export const tokenF1Scorer = textDistance("token-f1", (said, wanted) => tokenF1(said, wanted).f1);
export const rougeLScorer = textDistance("rouge-l", (said, wanted) => rougeL(said, wanted).f1);
