/** A short extractive summary: the leading informative sentences, in the words of the text itself. */

import { sentencesOf, stemsOf } from "./words.ts";

const GREETING =
  /^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|greetings|thanks|thank you|regards|best|cheers|sincerely)\b[^.!?]{0,40}[,.!]?$/i;
const LEAD_BONUS = 1.5;

/** The most informative sentences of a text in their order; early ones count more. */
export function summarise(text: string, sentences: number): string {
  const all = sentencesOf(text).filter((sentence) => !GREETING.test(sentence));
  const ranked = all
    .map((sentence, index) => ({
      sentence,
      index,
      score: stemsOf(sentence).size ** 0.5 + LEAD_BONUS / (1 + index),
    }))
    .toSorted((left, right) => right.score - left.score)
    .slice(0, sentences)
    .toSorted((left, right) => left.index - right.index);
  const chosen = ranked.map(({ sentence }) => sentence).join(" ");
  return chosen === "" ? text.trim() : chosen;
}
