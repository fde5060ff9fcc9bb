/** Summarises: the leading informative sentences, as long as was asked, give or take what the model obeys. */

import { readLength } from "./read-length.ts";
import { summarise } from "./summarise.ts";
import { randomOf, subjectOf, type TaskAnswer, type Thought } from "./thought.ts";
import { sentencesOf } from "./words.ts";

const LONG_WINDED = 0.5;

function firstWords(text: string, count: number): string {
  const words = text.split(/\s+/);
  return words.length <= count
    ? text
    : `${words
        .slice(0, count)
        .join(" ")
        .replace(/[,.;:]$/, "")}…`;
}

function withinWords(text: string, count: number): string {
  let kept = "";
  for (const sentence of sentencesOf(summarise(text, Number.POSITIVE_INFINITY))) {
    const longer = kept === "" ? sentence : `${kept} ${sentence}`;
    if (longer.split(/\s+/).length > count) break;
    kept = longer;
  }
  return kept === "" ? firstWords(summarise(text, 1), count) : kept;
}

export function summariseText(thought: Thought): TaskAnswer {
  const { reading, profile } = thought;
  const text = subjectOf(thought);
  const length = readLength(reading.instructions);
  const usual = profile.verbosity > LONG_WINDED ? 3 : 2;
  if (length.kind === "open") return { reason: "", text: summarise(text, usual) };
  // A model that slips runs over, by one sentence, point, or half as many words.
  const obeys = randomOf(thought, "length").next() < profile.obedience;
  const count = obeys
    ? length.count
    : length.count + Math.max(1, length.kind === "words" ? length.count / 2 : 1);
  if (length.kind === "words") return { reason: "", text: withinWords(text, Math.floor(count)) };
  const summary = summarise(text, count);
  const points = sentencesOf(summary).map((sentence) => `- ${sentence}`);
  return { reason: "", text: length.kind === "bullets" ? points.join("\n") : summary };
}
