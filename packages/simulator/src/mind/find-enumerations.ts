/** Finds enumerations of possible answers in a text: "billing, bug or other", "a | b", ["a", "b"]. */

import { sentencesOf } from "./words.ts";

export interface Enumeration {
  readonly labels: readonly string[];
  /** How much the wording around it speaks for a list of answers; 4 and more is believed. */
  readonly strength: number;
}

const BELIEVED_STRENGTH = 4;

const LEAD_IN = new Set(
  `is this it as into of either between a an the about be are whether with to answer reply choose say respond
  return output pick select use classify categorise categorize label tag sort route assign decide if from in
  following ticket message text mail email review question request being was only just exactly always or and
  for by out one which please these those labels label's does do describe describes report reports concern
  concerns mention mentions mean means called named`.split(/\s+/),
);
const TAIL_STOP =
  /\s+(?:in|with|for|by|based|from|according|on|that|which|depending|using|as|only|exactly|and|if|when|to|is|are|without|followed|below|above|label|category|class)\b.*$/iu;
const HEADER =
  /^\W*(?:[\p{L}]+ ){0,5}(?:labels?|categor(?:y|ies)|class(?:es)?|options?|choices?|values|intents?|topics?|queues?|teams?|answers?|verdicts?|sentiments?)(?: (?:are|is|to use|below))?\W{0,3}:/iu;
const ONE_OF = /\b(?:one of|exactly one|any of|either)\b/i;
const VERB =
  /\b(?:classif\w+|categori[sz]\w*|label\w*|sort|route|triage|tag|assign|decide|choose|pick|select|answer|reply|respond|return|output|determine|detect|say)\b/i;
const OPENER = /^(?:is|does|are|which|what|was|do)\b/i;
const KNOWN_PAIR = /\b(?:yes (?:or|and) no|true (?:or|and) false|positive|spam|pass (?:or|and) fail)\b/i;
const LABEL = /^[\p{L}\p{N}][\p{L}\p{N} _&+'-]*$/u;
const PIPED =
  /[\p{L}\p{N}_-]+(?: [\p{L}\p{N}_-]+){0,6}(?:\s*\|\s*[\p{L}\p{N}_-]+(?: [\p{L}\p{N}_-]+){0,3})+/u;
const MAX_LABEL_WORDS = 4;
const MAX_LABELS = 40;
/** Longer stretches without a full stop are data, and not worth the search. */
const MAX_SENTENCE = 2_000;

/** Cleans a label as it is written in a prompt: no quotes, emphasis, articles or trailing marks. */
export function cleanLabel(raw: string): string {
  return raw
    .replaceAll(/["'`*“”‘’<>{}[\]]/g, "")
    .replace(/^[\s,.:;?!-]+|[\s,.:;?!-]+$/g, "")
    .replace(/^(?:an?|the)\s+/i, "");
}

function afterLeadIn(segment: string): string {
  const words = segment.replace(/^.*:/s, "").trim().split(/\s+/);
  let start = 0;
  words.forEach((word, index) => {
    if (index < words.length - 1 && LEAD_IN.has(word.toLowerCase())) start = index + 1;
  });
  return words.slice(start).join(" ");
}

function toLabels(segments: readonly string[]): readonly string[] | undefined {
  const last = segments.length - 1;
  const labels = segments
    .map((segment, index) => {
      const whole = index === 0 ? afterLeadIn(segment) : segment;
      const cut = index === last ? (whole.split(/[:.?!;(]/)[0] ?? "").replace(TAIL_STOP, "") : whole;
      return cleanLabel(cut);
    })
    .filter((label) => label !== "");
  const distinct = [...new Map(labels.map((label) => [label.toLowerCase(), label])).values()];
  const sound = distinct.every((label) => LABEL.test(label) && label.split(/\s+/).length <= MAX_LABEL_WORDS);
  return sound && distinct.length >= 2 && distinct.length <= MAX_LABELS ? distinct : undefined;
}

function strengthOf(sentence: string, labels: readonly string[], joined: "or" | "and" | "none"): number {
  let strength = 0;
  if (HEADER.test(sentence)) strength += 4;
  if (ONE_OF.test(sentence)) strength += 3;
  if (/\?\s*$/.test(sentence)) strength += 2;
  if (VERB.test(sentence)) strength += 2;
  if (/\b(?:into|as)\b/i.test(sentence)) strength += 1;
  if (OPENER.test(sentence)) strength += 1;
  if (KNOWN_PAIR.test(sentence)) strength += 2;
  if (joined === "or") strength += 1;
  if (joined === "and" && !HEADER.test(sentence)) strength -= 3;
  if (labels.length >= 3) strength += 1;
  return strength;
}

function pipedOrListed(sentence: string): Enumeration | undefined {
  const list = /\[\s*["'][^\]]+["']\s*(?:,\s*["'][^\]]+["']\s*)+\]/.exec(sentence)?.[0];
  if (list !== undefined) {
    const labels = toLabels(list.split(","));
    if (labels !== undefined) return { labels, strength: BELIEVED_STRENGTH };
  }
  const piped = PIPED.exec(sentence.replaceAll(/["'`*“”]/g, ""))?.[0];
  if (piped === undefined) return undefined;
  const labels = toLabels(piped.split("|"));
  return labels && { labels, strength: strengthOf(sentence, labels, "or") + 3 };
}

function commaEnumeration(sentence: string): Enumeration | undefined {
  const joined = /\s(?:or)\s/i.test(sentence)
    ? "or"
    : /[\p{L}\p{N}]\/[\p{L}\p{N}]/u.test(sentence)
      ? "or"
      : /\sand\s/i.test(sentence)
        ? "and"
        : "none";
  const header = HEADER.test(sentence) || ONE_OF.test(sentence);
  if (joined === "none" && !header) return undefined;
  const separator = header ? /\s*(?:,|\/|\bor\b|\band\b)\s*/i : /\s*(?:,|\/|\bor\b)\s*/i;
  const split = joined === "and" ? /\s*(?:,|\/|\bor\b|\band\b)\s*/i : separator;
  const labels = toLabels(sentence.split(split).filter((segment) => segment.trim() !== ""));
  return labels && { labels, strength: strengthOf(sentence, labels, joined) };
}

/** The enumeration in one sentence, if there is one, with the explanations in brackets left out. */
export function enumerationIn(sentence: string): Enumeration | undefined {
  if (sentence.length > MAX_SENTENCE) return undefined;
  const direct = pipedOrListed(sentence);
  if (direct !== undefined) return direct;
  return commaEnumeration(sentence.replaceAll(/\s*\([^()]*\)/g, ""));
}

/**
 * The enumeration a text offers as answers, if any is believable: the strongest, the first among equals.
 * What opens or closes a text is more likely the question than what stands in its middle.
 */
export function strongestEnumeration(text: string): Enumeration | undefined {
  let best: Enumeration | undefined;
  const sentences = sentencesOf(text);
  for (const [index, sentence] of sentences.entries()) {
    const found = enumerationIn(sentence);
    if (found === undefined || found.strength < BELIEVED_STRENGTH) continue;
    const strength = found.strength + (index === 0 || index === sentences.length - 1 ? 1 : 0);
    if (best === undefined || strength > best.strength) best = { labels: found.labels, strength };
  }
  return best;
}
