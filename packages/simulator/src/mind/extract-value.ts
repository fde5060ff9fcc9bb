/** Extracts the value of a named field from a text: candidates by kind, weighed by the words around them. */

import type { ModelProfile } from "../profiles.ts";
import { knowsWord } from "./background.ts";
import { type ChoiceConditions, chooseLabel } from "./choose-label.ts";
import { findSpans, kindsFor, type Span, type SpanKind } from "./find-spans.ts";
import type { LabelWeight } from "./weigh-labels.ts";
import { escapePattern, sentencesOf, stemsOf, wordsOf } from "./words.ts";

export interface Field {
  /** As in the schema or the prompt: `orderNumber`, `order_number`, `the order number`. */
  readonly name: string;
  /** What schema and prompt say about it, examples included. */
  readonly description: string;
  /** The `type` and `format` of the schema, where they tell a kind. */
  readonly kinds: readonly SpanKind[];
}

export interface Extraction {
  readonly text: string;
  /** The values that stand in one list with it, itself included. */
  readonly list: readonly string[];
}

const KIND_WEIGHT = 1;
/** Any number could be meant where a number is: that alone says little. */
const NUMBER_WEIGHT = 0.4;
const KEY_WEIGHT = 2.5;
const SAID_WEIGHT = 1.5;
const NEARNESS_WEIGHT = 0.8;
/** How far around a value its words are looked for. */
const NEAR = 48;
const EARLY_WEIGHT = 0.1;
/** A very long text has more values than anybody would weigh. */
const MOST_CANDIDATES = 500;

interface Candidate extends Span {
  readonly weight: number;
}

/** `orderNumber` and `order_number` are two words each. */
export function wordsOfName(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").replaceAll(/[._-]/g, " ");
}

/** Lines such as "Order number: 4711" give the value outright. */
function keyedSpans(name: ReadonlySet<string>, text: string): readonly Candidate[] {
  return [
    ...text.matchAll(/^[ \t]*(?:[-*•]\s*)?["']?([\p{L}\p{N} _-]{1,40}?)["']?\s*[:=][ \t]*(\S[^\n]*)$/gmu),
  ]
    .filter((match) => {
      const key = stemsOf(wordsOfName(match[1] ?? ""));
      return key.size > 0 && [...key].every((stem) => name.has(stem));
    })
    .map((match) => {
      const value = (match[2] ?? "").replace(/[.,;]$/, "").replaceAll(/^["']|["']$/g, "");
      const at = match.index + match[0].indexOf(value);
      return { text: value, at, list: at, weight: KEY_WEIGHT };
    });
}

/** "the subject is lost luggage", "subject of 'lost luggage'": said in a sentence. */
function saidSpans(name: string, text: string): readonly Candidate[] {
  const words = wordsOf(wordsOfName(name)).map(escapePattern).join("[ _-]?");
  if (words === "") return [];
  const pattern = new RegExp(`\\b${words}(?: is| was| are|:| of| =)\\s+["“']?([^."”'\\n,;!?]{2,80})`, "giu");
  return [...text.matchAll(pattern)].map((match) => {
    const value = (match[1] ?? "").split(/ (?:and|but|which|who|because) /u)[0]?.trim() ?? "";
    const at = match.index + match[0].lastIndexOf(value);
    return { text: value, at, list: at, weight: SAID_WEIGHT };
  });
}

function nearness(words: ReadonlySet<string>, { text, at }: Span, data: string): number {
  const around = `${data.slice(Math.max(0, at - NEAR), at)} ${data.slice(at + text.length, at + text.length + NEAR)}`;
  const stems = stemsOf(around);
  return [...words].filter((stem) => stems.has(stem)).length ** 0.75;
}

/** What a description says is known to all; what only the name says, a weak model may not make out. */
function wantedKinds(field: Field, profile: ModelProfile): readonly SpanKind[] {
  const named = kindsFor(stemsOf(wordsOfName(field.name))).filter((kind) =>
    knowsWord(kind, profile.knowledge),
  );
  return [...new Set([...field.kinds, ...kindsFor(stemsOf(field.description)), ...named])];
}

function candidatesFor(field: Field, data: string, profile: ModelProfile): readonly Candidate[] {
  const name = stemsOf(wordsOfName(field.name));
  const words = new Set([...name, ...stemsOf(field.description)]);
  const kinds = wantedKinds(field, profile);
  const typed = kinds.flatMap((kind) =>
    findSpans(data, kind).map((span, index) => ({
      ...span,
      weight:
        (kind === "number" ? NUMBER_WEIGHT : KIND_WEIGHT) +
        NEARNESS_WEIGHT * nearness(words, span, data) +
        EARLY_WEIGHT / (1 + index),
    })),
  );
  const quoted = findSpans(data, "quoted")
    .map((span) => ({ ...span, weight: NEARNESS_WEIGHT * nearness(name, span, data) }))
    .filter(({ weight }) => weight > 0);
  return [...keyedSpans(name, data), ...saidSpans(field.name, data), ...typed, ...quoted];
}

/** The best value for a field, as it stands in the text; undefined where nothing there could be one. */
export function extractValue(
  field: Field,
  data: string,
  conditions: ChoiceConditions,
): Extraction | undefined {
  const weights = new Map<string, LabelWeight & Candidate>();
  for (const candidate of candidatesFor(field, data, conditions.profile)) {
    const known = weights.get(candidate.text);
    const weight = Math.max(candidate.weight, known?.weight ?? 0);
    const kept = known ?? { ...candidate, label: candidate.text, evidence: new Set<string>() };
    weights.set(candidate.text, { ...kept, weight });
  }
  const options = [...weights.values()].slice(0, MOST_CANDIDATES);
  if (options.length === 0) return undefined;
  const { label } = chooseLabel(options, conditions);
  const list = weights.get(label)?.list;
  return { text: label, list: options.filter((each) => each.list === list).map((each) => each.text) };
}

/** The sentence of the text that has most to do with the field; undefined where none has anything. */
export function closestSentence({ name, description }: Field, data: string): string | undefined {
  const wanted = stemsOf(`${wordsOfName(name)} ${description}`);
  const overlap = (sentence: string): number =>
    [...stemsOf(sentence)].filter((stem) => wanted.has(stem)).length;
  const best = sentencesOf(data).toSorted((left, right) => overlap(right) - overlap(left))[0];
  return best === undefined || overlap(best) === 0 ? undefined : best;
}
