/** Extracts named fields from a text, and writes them down as JSON or line by line. */

import { closestSentence, extractValue, type Field, wordsOfName } from "./extract-value.ts";
import { findSpans, SPAN_KINDS, type SpanKind } from "./find-spans.ts";
import { summarise } from "./summarise.ts";
import { conditionsOf, randomOf, subjectOf, type TaskAnswer, type Thought } from "./thought.ts";
import { toIsoDate, toNumber } from "./typed-value.ts";
import { escapePattern, stemsOf } from "./words.ts";

const EXTRACTS = /\b(?:extract|pull out|pick out|find and list|identify|capture|collect|fill in)\b/i;
const ASKED_FIELDS =
  /\b(?:extract|pull out|pick out|identify|capture|collect)\s+(?:the following(?: fields| values)?\s*:?\s*)?([^.:\n]{3,160}?)(?:\s+(?:from|in|of|out of|as)\b|[.:\n]|$)/i;
const FIELD_LINE =
  /^\s*(?:[-*•]|\d+[.)])\s+["'`*]*([\p{L}][\p{L}\p{N} _-]{0,30}?)["'`*]*(?:\s*[:(–—-]\s*(.*))?$/gmu;
const MAX_FIELD_WORDS = 4;

/** Whether a prompt asks for values to be taken out of a text. */
export function asksForFields({ reading }: Thought): boolean {
  return EXTRACTS.test(reading.instructions);
}

/** What the instructions say of a field in a line that begins with its name. */
function saidOf(name: string, instructions: string): string {
  const wanted = [...stemsOf(wordsOfName(name))];
  const lines = instructions.split("\n").filter((line) => {
    const [first = "", ...rest] = line.split(/[:(–]/);
    const head = stemsOf(rest.length === 0 ? "" : first);
    return wanted.length > 0 && head.size <= MAX_FIELD_WORDS && wanted.every((stem) => head.has(stem));
  });
  return lines.join(" ");
}

/** What kind of value an example of the answer shows for the field. */
function shownKinds(name: string, instructions: string): readonly SpanKind[] {
  const shown = new RegExp(`["']${escapePattern(name)}["']\\s*:\\s*["']?([^"',}\\n]{2,80})`, "u").exec(
    instructions,
  );
  const value = shown?.[1]?.trim() ?? "";
  return SPAN_KINDS.filter((kind) => findSpans(value, kind)[0]?.text === value).slice(0, 1);
}

/** The field's value as the text gives it; instructions and examples tell what to look for. */
export function extractField(thought: Thought, path: string, field: Field): string | undefined {
  const { instructions } = thought.reading;
  const described: Field = {
    name: field.name,
    description: `${field.description} ${saidOf(field.name, instructions)}`,
    kinds: [...field.kinds, ...shownKinds(field.name, instructions)],
  };
  return extractValue(described, thought.reading.data, conditionsOf(thought, `field ${path}`))?.text;
}

function cleanField(raw: string): string {
  return raw.replace(/^\s*(?:and\s+)?(?:(?:the|an?|all|any|each|its|their)\s+)*/i, "").trim();
}

/** The fields a prompt names: the keys of its JSON, the lines of its list, or those in its sentence. */
export function fieldsAsked({ reading }: Thought): readonly string[] {
  const { format, instructions } = reading;
  if (format.kind === "json" && format.keys.length > 0) return format.keys;
  const listed = [...instructions.matchAll(FIELD_LINE)].map((match) => (match[1] ?? "").trim());
  if (listed.length > 0) return listed;
  const said = ASKED_FIELDS.exec(instructions)?.[1] ?? "";
  return said
    .split(/,|\band\b|&/)
    .map(cleanField)
    .filter((field) => field !== "" && field.split(/\s+/).length <= MAX_FIELD_WORDS);
}

const WHOLE_TEXT = /summary|abstract|gist|tl;?dr/i;
const HEADLINE = /title|subject|headline|topic/i;
const PROSE = /reason|why|explan|rationale|comment|description|issue|problem|complaint|question/i;
const NUMERIC = /amount|price|cost|total|count|quantity|number of|age|score/i;

/** The value of one key of a JSON answer; null where the text gives none. */
function valueOfKey(thought: Thought, key: string): unknown {
  const text = subjectOf(thought);
  if (WHOLE_TEXT.test(key)) return summarise(text, 2);
  const found = extractField(thought, key, { name: key, description: "", kinds: [] });
  if (found === undefined) {
    if (HEADLINE.test(key)) return summarise(text, 1);
    return PROSE.test(key)
      ? (closestSentence({ name: key, description: "", kinds: [] }, text) ?? summarise(text, 1))
      : null;
  }
  if (/date|due|deadline/i.test(key) && /YYYY-MM-DD|\biso\b/i.test(thought.reading.instructions))
    return toIsoDate(found) ?? found;
  return NUMERIC.test(wordsOfName(key)) ? (toNumber(found) ?? found) : found;
}

export function extractFields(thought: Thought, fields: readonly string[]): TaskAnswer {
  const { reading, profile } = thought;
  const values = fields.map((field) => [field, valueOfKey(thought, field)] as const);
  const found = values.filter(([, value]) => value !== null).length;
  const reason = `The text gives ${found} of ${values.length} values.`;
  const json = JSON.stringify(Object.fromEntries(values));
  if (reading.format.kind !== "json")
    return {
      reason,
      text: values.map(([field, value]) => `${field}: ${String(value ?? "not given")}`).join("\n"),
    };
  const obeys = reading.format.enforced || randomOf(thought, "phrase").next() < profile.obedience;
  return { reason, text: obeys ? json : `Here is what I found:\n\`\`\`json\n${json}\n\`\`\`` };
}
