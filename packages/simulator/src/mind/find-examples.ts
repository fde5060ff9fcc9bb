/** Finds worked examples in a prompt: a text together with the label it was given. */

import { mentions } from "./find-definitions.ts";

export interface WorkedExample {
  readonly text: string;
  readonly label: string;
  /** The answer as the prompt shows it; it teaches the format too. */
  readonly answer: string;
}

interface FoundExamples {
  readonly examples: readonly WorkedExample[];
  /** The instructions without the examples, so that their words do not pass for definitions. */
  readonly rest: string;
}

const QUESTION_KEY =
  "(?:ticket|text|input|message|customer|email|mail|review|comment|question|example|request|query|user|q|document)(?:\\s*\\d+)?";
const ANSWER_KEY = "(?:label|answer|category|output|class|intent|verdict|result|a|assistant|topic|queue)";
const KEYED = new RegExp(
  `^[ \\t]*(?:[-*•]\\s*)?(?:\\*\\*)?${QUESTION_KEY}(?:\\*\\*)?\\s*:[ \\t]*(?:\\n\\s*)?(\\S[^\\n]*(?:\\n(?!\\s*(?:\\*\\*)?${ANSWER_KEY}\\s*:)[^\\n]+){0,12}?)\\n\\s*(?:\\*\\*)?${ANSWER_KEY}(?:\\*\\*)?\\s*:[ \\t]*(\\S[^\\n]*)$`,
  "gimu",
);
const ARROW = /^[ \t]*(?:[-*•]|\d+[.)])?[ \t]*(\S[^\n]{5,}?)[ \t]*(?:->|=>|→|⇒)[ \t]*(\S[^\n]*)$/gmu;
const QUOTED =
  /(?:^[ \t]*(?:[-*•]|\d+[.)])[ \t]*)?["“]([^"”\n]{8,})["”]\s*(?::|is|=|–|—|-)\s*(?:an?\s+)?([^\n.;]{1,60})/gmu;
const TAGGED = /<example[^>]*>([\s\S]*?)<\/example>/giu;

/** The one label an answer names, if it names exactly one. */
export function labelIn(answer: string, labels: readonly string[]): string | undefined {
  const bare = answer.trim().toLowerCase();
  const exact = labels.find((label) => label.toLowerCase() === bare);
  if (exact !== undefined) return exact;
  const named = labels.filter((label) => mentions(answer, label));
  const longest = named.toSorted((left, right) => right.length - left.length)[0];
  return named.every((label) => longest?.toLowerCase().includes(label.toLowerCase())) ? longest : undefined;
}

function readTagged(inner: string): { text: string; answer: string } | undefined {
  const parts = [...inner.matchAll(/<(\w+)[^>]*>([\s\S]*?)<\/\1>/gu)].map((match) => (match[2] ?? "").trim());
  const answer = parts.at(-1);
  if (parts.length >= 2 && answer !== undefined) return { text: parts.slice(0, -1).join("\n"), answer };
  const lines = inner.trim().split("\n");
  const last = lines.at(-1);
  return lines.length < 2 || last === undefined
    ? undefined
    : { text: lines.slice(0, -1).join("\n"), answer: last };
}

/** The examples written into the instructions, whose answer names one of the labels. */
export function findExamples(instructions: string, labels: readonly string[]): FoundExamples {
  const examples: WorkedExample[] = [];
  const take = (whole: string, text: string, answer: string): string => {
    const label = labelIn(answer, labels);
    if (label === undefined) return whole;
    examples.push({ text, label, answer: answer.trim() });
    return "";
  };
  const rest = instructions
    .replaceAll(TAGGED, (whole, inner: string) => {
      const read = readTagged(inner);
      return read === undefined ? whole : take(whole, read.text, read.answer);
    })
    .replaceAll(KEYED, (whole, text: string, answer: string) => take(whole, text, answer))
    .replaceAll(ARROW, (whole, text: string, answer: string) => take(whole, text, answer))
    .replaceAll(QUOTED, (whole, text: string, answer: string) => take(whole, text, answer));
  return { examples, rest };
}
