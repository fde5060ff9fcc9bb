/** Reads the layout of a text: turns, labelled slots, tags, headings, its end and its length. */
import { DEEDS, DIRECTIONS, ENDS, HEADINGS, HTML_TAGS, SLOTS, TURNS } from "./english-words.ts";
import type { FeatureFound, FeatureName } from "./feature-weights.ts";
import { atStart } from "./phrase.ts";
import type { TextForm } from "./text-form.ts";

const TURN = new RegExp(`(?:^|\\n)(?:[*#-]+ ?)?(${TURNS})(?: ?\\d+)?\\*{0,2}:`, "gi");
const END = new RegExp(
  `(?:^|[\\n.:?!)"}>] ?\\n*|[ \\n])(?:[#*]+ ?)?(?:${ENDS})(?: \\([^)]*\\))?(?: in \\w+)?\\*{0,2}\\s?[:：]\\s*(?:["'\`\\[{(]|<\\w+>)?\\s*$`,
  "i",
);
const SLOT = new RegExp(
  `(?:^|\\n|[.:?!] )(?:[#*]+ ?)?(?:(?:the|current|original|new|previous|user|my) )?(?:${SLOTS})(?: ?\\([^)]*\\))?\\*{0,2} ?[:：]\\s*(?:["'\`«<\\[(-]{0,3}\\w{0,4}\\n?)?\\s*\\{\\{`,
  "gi",
);
const OWN_TAG = new RegExp(`<((?!(?:${HTML_TAGS})\\b)[a-z][\\w-]{2,})>[\\s\\S]{0,4000}?</\\1>`, "gi");
const HEADING = new RegExp(
  `(?:^|\\n)(?:#{1,4} *|\\*\\*|\\[|=+ ?)?(?:${HEADINGS})(?: \\([^)]*\\))?(?:\\*\\*|\\]| ?=+)? ?:?(?:\\*\\*)? ?(?=\\n)|(?:^|\\n)#{1,4} *(?:${HEADINGS})\\b`,
  "gi",
);
const FENCE = /(?:"""|```\w*|'''|---+|===+|###)\s*\{\{[^}]+\}\}\s*(?:"""|```|'''|---+|===+|###)/;
const DEED = new RegExp(atStart(`(${DEEDS})\\b`).source, "gi");
const DIRECTION = new RegExp(atStart(`(?:${DIRECTIONS})\\b`).source, "gi");
/** A variable after the first word, after a colon, or at the end. */
const VERB_ON_VARIABLE =
  /^\p{L}+ (?:the |a |an |this )?\{\{|[:：]\s*(?:["'`«<({[]{0,3}\w{0,4}\n?)?\s*\{\{[^}]+\}\}|\{\{[^}]+\}\}["'`»>)}\].!]*\s*$/u;

export function layoutFeatures({ said, words, placeholders }: TextForm): readonly FeatureFound[] {
  const found: FeatureFound[] = [];
  const add = (feature: FeatureName, strength: number, shown: string | null = null): void => {
    found.push({ feature, strength, shown });
  };
  const turns = new Set(Array.from(said.matchAll(TURN), ([, label = ""]) => label.toLowerCase()));
  const speaks = turns.has("assistant") || turns.has("ai") || turns.has("human");
  if (turns.size >= 2)
    add("turns", speaks ? 1.8 : turns.size >= 3 ? 1 : 0.8, `${[...turns].slice(0, 2).join(", ")}:`);
  const end = END.exec(said)?.[0].trim();
  if (end !== undefined && words > 2) add("openEnd", 1, end);
  const slots = said.match(SLOT)?.length ?? 0;
  if (slots > 0) add("slots", slots > 1 ? 1.2 : 0.8);
  const tags = new Set(Array.from(said.matchAll(OWN_TAG), ([, tag = ""]) => tag.toLowerCase()));
  if (tags.size > 0) add("tags", placeholders > 0 || tags.size > 1 ? 1 : 0.6, `<${[...tags][0]}>`);
  const headings = said.match(HEADING)?.length ?? 0;
  if (headings > 0) add("headings", headings > 1 ? 1.2 : 0.6);
  if (FENCE.test(said)) add("fences", 1);
  const directions = Math.max(0, (said.match(DIRECTION)?.length ?? 0) - 1);
  if (directions > 0) add("directives", Math.min(1.5, 0.5 + directions * 0.25));
  const deeds = new Set(Array.from(said.matchAll(DEED), ([, deed = ""]) => deed.toLowerCase()));
  if (deeds.size > 1) add("deeds", deeds.size > 2 ? 1 : 0.6);
  if (placeholders > 0 && VERB_ON_VARIABLE.test(said)) add("verbOnVariable", 1);
  if (words < 6) add("fewWords", placeholders > 0 ? 0.2 : words < 4 ? 1 : 0.5);
  if (words >= 12) add("length", words >= 60 ? 1 : words >= 25 ? 0.7 : 0.35);
  return found;
}
