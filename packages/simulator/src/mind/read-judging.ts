/** Reads a prompt that wants an answer judged: the answers, what they answer, by which criteria, on which scale. */

import type { MindMessage } from "./mind-request.ts";

export interface JudgedAnswer {
  /** As the prompt calls it: `A`, `2`; empty for the only one. */
  readonly name: string;
  readonly text: string;
}

export interface JudgingReading {
  /** One answer, or several to compare. */
  readonly answers: readonly JudgedAnswer[];
  readonly question: string;
  readonly reference: string;
  readonly context: string;
  readonly criteria: readonly string[];
  /** The lowest and the highest mark, where the prompt says so. */
  readonly scale: readonly [number, number] | undefined;
  /** What is left: the task itself. */
  readonly instructions: string;
}

type Part = "answer" | "question" | "reference" | "context" | "criteria";

const PARTS: readonly (readonly [Part, string])[] = [
  [
    "reference",
    "reference(?:[_ ]answer)?|expected(?:[_ ](?:answer|output))?|ground[_ ]truth|gold(?:en)?(?:[_ ]answer)?|ideal[_ ]answer|correct[_ ]answer",
  ],
  [
    "answer",
    "(?:(?:model|assistant|candidate|student|submitted|given|ai)(?:'s)?[_ ])?(?:answer|response|output|completion|candidate|reply|submission|assistant)",
  ],
  ["question", "(?:user[_ ])?(?:question|query|prompt|input|task|request|ticket)"],
  ["context", "context|source(?:[_ ]text)?|document|article|passage"],
  ["criteria", "(?:grading |scoring |evaluation )?(?:criteria|criterion|rubric)"],
];
const NAMES = "(?:[ _-]?\\(?([a-d]|[1-4])\\)?)?";
const JUDGES =
  /\b(?:judge|rate|score|grade|evaluate|assess|compare|prefer|(?:does|is|was) the (?:answer|response|output|reply|candidate|completion)|which (?:answer|response|output|reply|one|candidate|completion) (?:is|was|answers|does))\b/i;
const ASKS_AGAIN =
  /\n\s*\n(?=(?:please |now )?(?:rate|score|give|answer|reply|respond|return|output|which|judge|grade|compare|evaluate|assess|say|is the|does the)\b)/i;

interface Section {
  readonly part: Part;
  readonly name: string;
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

function taggedSections(text: string): readonly Section[] {
  return PARTS.flatMap(([part, names]) =>
    [...text.matchAll(new RegExp(`<((?:${names})${NAMES})>([\\s\\S]*?)</\\1>`, "giu"))].map((match) => ({
      part,
      name: match[2] ?? "",
      text: (match[3] ?? "").trim(),
      at: match.index,
      end: match.index + match[0].length,
    })),
  );
}

interface Heading {
  readonly part: Part;
  readonly name: string;
  readonly at: number;
  readonly from: number;
}

function headingsIn(text: string): readonly Heading[] {
  const found = PARTS.flatMap(([part, names]) =>
    [
      ...text.matchAll(
        new RegExp(
          `^[ \\t]*(?:#+ |\\*\\*|\\[)?(?:the )?(?:${names})${NAMES}(?:\\*\\*|\\])?[ \\t]*:(?:\\*\\*)?[ \\t]*`,
          "gimu",
        ),
      ),
    ].map((match) => ({ part, name: match[1] ?? "", at: match.index, from: match.index + match[0].length })),
  );
  return found.toSorted((left, right) => left.at - right.at);
}

/** A headed section goes on until the next heading, or until the prompt speaks again. */
function headedSections(text: string): readonly Section[] {
  const headings = headingsIn(text);
  return headings.map(({ part, name, at, from }, index) => {
    const all = text.slice(from, headings[index + 1]?.at ?? text.length);
    const again = part === "criteria" ? null : ASKS_AGAIN.exec(all);
    const own = again === null ? all : all.slice(0, again.index);
    return { part, name, text: own.trim(), at, end: from + own.length };
  });
}

function without(text: string, sections: readonly Section[]): string {
  let rest = text;
  for (const { at, end } of sections.toSorted((left, right) => right.at - left.at))
    rest = rest.slice(0, at) + rest.slice(end);
  return rest;
}

function scaleOf(text: string): readonly [number, number] | undefined {
  const range =
    /\b(?:from |between |scale of |scale: ?)?(\d{1,3})\s*(?:to|and|-|–)\s*(\d{1,3})\b/i.exec(text) ??
    /\bout of ()(\d{1,3})\b/i.exec(text);
  if (range === null) return undefined;
  const [low, high] = [Number(range[1] === "" ? 0 : range[1]), Number(range[2])];
  return low < high ? [low, high] : undefined;
}

function criteriaOf(sections: readonly Section[], instructions: string): readonly string[] {
  const own = sections.filter(({ part }) => part === "criteria").map(({ text }) => text);
  const lines = [...own, instructions]
    .join("\n")
    .split("\n")
    .map((line) => line.trim());
  const listed = lines.filter((line) => /^(?:[-*•]|\d+[.)])\s+\S/.test(line));
  const criteria = listed.map((line) => line.replace(/^(?:[-*•]|\d+[.)])\s+/, ""));
  return criteria.length > 0 ? criteria : own.filter((text) => text !== "");
}

/** What is to be judged; undefined where a prompt judges nothing. */
export function readJudging(messages: readonly MindMessage[]): JudgingReading | undefined {
  const text = messages
    .filter(({ role }) => role === "system" || role === "user")
    .map((message) => message.text)
    .join("\n\n");
  const tagged = taggedSections(text);
  const sections = tagged.some(({ part }) => part === "answer") ? tagged : headedSections(text);
  const filled = sections.filter((section) => section.text !== "");
  const instructions = without(text, filled).trim();
  const answers = filled
    .filter(({ part }) => part === "answer")
    .map(({ name, text: said }) => ({ name, text: said }));
  if (answers.length === 0 || !JUDGES.test(instructions)) return undefined;
  const textOf = (part: Part): string =>
    filled
      .filter((section) => section.part === part)
      .map((section) => section.text)
      .join("\n");
  return {
    answers: answers.slice(0, 4),
    question: textOf("question"),
    reference: textOf("reference"),
    context: textOf("context"),
    criteria: criteriaOf(filled, instructions),
    scale: scaleOf(`${textOf("criteria")}\n${instructions}`),
    instructions,
  };
}
