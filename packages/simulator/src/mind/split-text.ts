/** Separates what a message asks from the text it asks about. */

import { definitionIn, mentions } from "./find-definitions.ts";
import { cleanLabel, enumerationIn } from "./find-enumerations.ts";
import { readLabelLine } from "./find-labels.ts";
import { escapePattern, wordsOf } from "./words.ts";

export interface SplitText {
  readonly instructions: string;
  readonly data: string;
}

interface Unit {
  readonly text: string;
  readonly line: number;
  readonly speaks: Speech;
}

/** `labels`: speaks of the labels; `task`: words of an instruction; `text`: anything else. */
type Speech = "labels" | "task" | "text";

/** The fence that is made for untrusted values; where it is used nothing else counts as one. */
const UNTRUSTED = /<(untrusted[\w-]*)>([\s\S]*?)<\/\1>/giu;
const FENCE =
  /<(ticket|text|input|message|document|email|data|content|review|customer|article|transcript|conversation)(?:\s[^>]*)?>([\s\S]*?)<\/\1>|"""([\s\S]+?)"""|```(?!json)\w*\n([\s\S]+?)```/giu;
const MARKER =
  /^\s*(?:#+\s*)?(?:\*\*)?(?:the )?(?:support |customer |user )?(?:tickets?|texts?|inputs?|messages?|customer|e-?mail|mail|review|comment|document|question|content|data|body|query|request|transcript|conversation|article)(?:\*\*)?\s*:(?:\*\*)?[ \t]*/iu;
const CUE =
  /^\s*(?:\*\*)?(?:the )?(?:label|answer|category|output|class|intent|verdict|result|summary|a|assistant|json|response|reply)(?:\*\*)?\s*:\s*$/iu;
const TASK_START =
  /^\s*(?:[-*•#]+\s*)?(?:please\s+)?(?:answer|reply|respond|return|output|use|choose|pick|classify|categori[sz]e|label|decide|determine|give|write|summari[sz]e|translate|extract|rewrite|rephrase|do not|don't|never|always|only|just|you are|you're|you will|you must|your (?:task|job)|if (?:in doubt|unsure|you)|when in doubt|think|format|be|keep|read|route|sort|triage|tag|draft|explain|list|describe|what is the|which)\b/iu;
const TASK_WORD =
  /\b(?:label|labels|word|words|json|category|categories|class|ticket|text|sentences?|explanations?|explain|answer|following|below|format|assistant|agent|triage|concise|brief|short|summary|summari[sz]e|support|doubt|unsure|intent|translate)\b/iu;
const POINTS_AT_TEXT = /\b(?:this|these|it)\b/iu;
const HEADING = /^\s*(?:#+\s+\S.*|[\p{L} ]{3,30}:)\s*$/u;
const RULE = /^\s*[-=_*]{3,}\s*$/;

function isLabelSpeech(text: string, labels: readonly string[]): boolean {
  if (labels.length === 0) return false;
  if (definitionIn(text, labels) !== undefined || saysWhenToUse(text, labels)) return true;
  const bullet = readLabelLine(text);
  if (bullet !== undefined && labels.some((label) => label.toLowerCase() === bullet.label.toLowerCase()))
    return true;
  const found = enumerationIn(text)?.labels.map((label) => cleanLabel(label).toLowerCase()) ?? [];
  return labels.filter((label) => found.includes(label.toLowerCase())).length >= 2;
}

/** "Use billing when …", "If unsure, answer other", "billing means …". */
function saysWhenToUse(text: string, labels: readonly string[]): boolean {
  const names = labels.map(escapePattern).join("|");
  const used = new RegExp(
    `^\\W*(?:(?:if|when|for)\\b[^.]*,\\s*)?(?:use|choose|say|answer|pick|select|label it)\\s+(?:with\\s+)?["'\`*]*(?:${names})\\b|^\\W*(?:${names})["'\`*]*\\s+(?:means|covers|stands for|includes|refers to|is for|is when|is not|if|when)\\b`,
    "iu",
  );
  return used.test(text);
}

function speechOf(text: string, labels: readonly string[]): Speech {
  if (isLabelSpeech(text, labels)) return "labels";
  if (RULE.test(text) || HEADING.test(text)) return "task";
  const start = TASK_START.exec(text);
  if (start === null) return "text";
  const rest = text.slice(start[0].length);
  if (text.endsWith(":") && POINTS_AT_TEXT.test(rest)) return "task";
  return TASK_WORD.test(rest) || labels.some((label) => mentions(rest, label)) ? "task" : "text";
}

/** Lines, split at sentence ends where a line is prose: one line may hold the question and the text. */
function unitsOf(text: string, labels: readonly string[]): readonly Unit[] {
  return text.split("\n").flatMap((line, index) => {
    const whole = line.trim();
    if (whole === "") return [];
    const listed = definitionIn(whole, labels) !== undefined || readLabelLine(whole) !== undefined;
    const pieces =
      listed || MARKER.test(whole)
        ? [whole]
        : whole.split(/(?<=[.!?])\s+/).flatMap((sentence) => splitAtColon(sentence, labels));
    return pieces.map((piece) => ({ text: piece, line: index, speaks: speechOf(piece, labels) }));
  });
}

/** "Is this billing, bug or other: I was charged twice" holds both on one line. */
function splitAtColon(part: string, labels: readonly string[]): readonly string[] {
  const colon = part.search(/:\s+\S/);
  if (colon < 0) return [part];
  const head = part.slice(0, colon);
  const tail = part.slice(colon + 1).trim();
  const asks =
    isLabelSpeech(head, labels) ||
    (TASK_START.test(head) && (TASK_WORD.test(head) || POINTS_AT_TEXT.test(head)));
  return asks && !isLabelSpeech(tail, labels) && wordsOf(tail).length >= 3 ? [`${head}:`, tail] : [part];
}

function join(units: readonly Unit[]): string {
  let text = "";
  units.forEach((unit, index) => {
    const before = units[index - 1];
    text += before === undefined ? unit.text : (before.line === unit.line ? " " : "\n") + unit.text;
  });
  return text;
}

function withoutMarker(text: string): string {
  return text.replace(MARKER, "").trim();
}

/** Where the opening instructions end: after the last word on labels, or after the opening task lines. */
function endOfInstructions(units: readonly Unit[]): number {
  let end = units.findLastIndex((unit) => unit.speaks === "labels") + 1;
  while (end < units.length && units[end]?.speaks === "task") end++;
  return end;
}

/** The text a message asks about, where no fence marks it. */
export function splitText(text: string, labels: readonly string[]): SplitText {
  const units = unitsOf(text, labels).filter((unit) => !CUE.test(unit.text));
  const end = endOfInstructions(units);
  let last = units.length;
  while (last - 1 > end && units[last - 1]?.speaks === "task") last--;
  const after = units.slice(end, last);
  if (after.some((unit) => wordsOf(withoutMarker(unit.text)).length > 0)) {
    const marker = after.findIndex((unit) => MARKER.test(unit.text));
    const lead = after.slice(0, Math.max(0, marker));
    const start = lead.length <= 1 && marker > 0 ? marker : 0;
    return {
      instructions: join([...units.slice(0, end), ...after.slice(0, start), ...units.slice(last)]),
      data: withoutMarker(join(after.slice(start))),
    };
  }
  const data = units.filter(
    (unit) =>
      unit.speaks === "text" || (MARKER.test(unit.text) && wordsOf(withoutMarker(unit.text)).length > 0),
  );
  const asked = units.filter((unit) => !data.includes(unit));
  return { instructions: join(asked), data: withoutMarker(join(data)) };
}

/** Takes fenced text out of a message: it is data whatever it says. */
export function takeFenced(text: string): SplitText | undefined {
  const untrusted = [...text.matchAll(UNTRUSTED)];
  const fences = untrusted.length > 0 ? untrusted : [...text.matchAll(FENCE)];
  if (fences.length === 0) return undefined;
  const data = fences.map((match) => (match[2] ?? match[3] ?? match[4] ?? "").trim()).join("\n");
  const instructions = fences.reduce((rest, match) => rest.replace(match[0], () => ""), text);
  return { instructions, data };
}
