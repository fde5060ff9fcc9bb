/** Collects what a prompt says about each of its labels: definitions, hints, exclusions, what to say in doubt. */

import { cleanLabel, enumerationIn } from "./find-enumerations.ts";
import { escapePattern, sentencesOf, stemOf, stemsOf, wordsOf } from "./words.ts";

export interface LabelReading {
  readonly label: string;
  /** Stems of its definition. */
  readonly defined: ReadonlySet<string>;
  /** Stems of sentences that speak of this label alone: weaker evidence. */
  readonly hinted: ReadonlySet<string>;
  /** Stems of sentences that say what this label is not. */
  readonly excluded: ReadonlySet<string>;
  /** The prompt names this label for cases of doubt. */
  readonly preferredInDoubt: boolean;
  /** It stands for everything that no other label covers. */
  readonly catchAll: boolean;
  readonly hasDefinition: boolean;
}

const CATCH_ALL =
  /^(?:others?|none|misc|miscellaneous|general|unknown|something else|anything else|else|neither|none of (?:these|the above)|n\/a|na|unclear)$/i;
const DOUBT =
  /\b(?:in doubt|unsure|not sure|uncertain|unclear|by default|otherwise|cannot tell|can't tell)\b/i;
const SAYS_LABEL = "(?:answer|use|choose|say|pick|label|select|return|is|reply|means?|assign)";

interface Draft {
  readonly defined: Set<string>;
  readonly hinted: Set<string>;
  readonly excluded: Set<string>;
  preferredInDoubt: boolean;
  hasDefinition: boolean;
}

/** Whether the text names the label as a word of its own. */
export function mentions(text: string, label: string): boolean {
  return new RegExp(`(?<![\\p{L}\\p{N}_-])${escapePattern(label)}(?![\\p{L}\\p{N}_-])`, "iu").test(text);
}

/** A catch-all is an everyday word, so only a sentence that uses it as an answer speaks of it. */
function speaksOf(sentence: string, label: string): boolean {
  if (!mentions(sentence, label)) return false;
  if (!CATCH_ALL.test(label)) return true;
  const name = escapePattern(label);
  const used = new RegExp(
    `\\b${SAYS_LABEL}\\s+["'\`*]*${name}\\b|["'\`*]${name}["'\`*]|^\\W*${name}\\s+(?:is|if|when|for|means|covers)\\b`,
    "iu",
  );
  return used.test(sentence);
}

function add(target: Set<string>, text: string, label: string): void {
  const own = new Set(wordsOf(label).map(stemOf));
  for (const stem of stemsOf(text)) if (!own.has(stem)) target.add(stem);
}

/** "label: …", "- **label** – …", "label = …": the line defines that label. */
export function definitionIn(
  line: string,
  labels: readonly string[],
): { label: string; text: string } | undefined {
  const match =
    /^\s*(?:[-*•]|\d+[.)])?\s*["'`*]*([^:=–—(\n]{1,60}?)["'`*]*\s*(?::|=|–|—|\s-\s|->)["'`*]*\s*(\S.*)$/u.exec(
      line,
    );
  if (match === null) return undefined;
  const name = cleanLabel(match[1] ?? "").toLowerCase();
  const label = labels.find((each) => each.toLowerCase() === name);
  return label === undefined ? undefined : { label, text: match[2] ?? "" };
}

function readBrackets(instructions: string, drafts: ReadonlyMap<string, Draft>): void {
  for (const [label, draft] of drafts) {
    const bracket = new RegExp(
      `(?<![\\p{L}\\p{N}])${escapePattern(label)}["'\`*]*\\s*\\(([^()]{3,})\\)`,
      "giu",
    );
    for (const match of instructions.matchAll(bracket)) {
      add(draft.defined, match[1] ?? "", label);
      draft.hasDefinition = true;
    }
  }
}

function readSentence(sentence: string, labels: readonly string[], drafts: ReadonlyMap<string, Draft>): void {
  const named = labels.filter((label) => speaksOf(sentence, label));
  const label = named[0];
  if (label === undefined || named.length > 1) return;
  const draft = drafts.get(label);
  if (draft === undefined) return;
  if (DOUBT.test(sentence)) {
    draft.preferredInDoubt = true;
    return;
  }
  const negated = new RegExp(
    `\\b(?:not|never|isnt|arent)\\s+(?:(?:an?|the|use|as|count as|label(?:led)?|for)\\s+)*["'\`*]*${escapePattern(label)}\\b`,
    "iu",
  );
  add(negated.test(sentence.replaceAll(/[’']/g, "")) ? draft.excluded : draft.hinted, sentence, label);
}

/** "yes" is said of a text that has to do with the question. */
function readQuestion(instructions: string, drafts: ReadonlyMap<string, Draft>): void {
  const yes = [...drafts.keys()].find((label) => /^(?:yes|true|pass)$/i.test(label));
  const draft = yes === undefined ? undefined : drafts.get(yes);
  if (yes === undefined || draft === undefined) return;
  for (const sentence of sentencesOf(instructions))
    if (sentence.endsWith("?")) add(draft.defined, sentence, yes);
}

/** What the instructions say of each label, in the order of the labels. */
export function findDefinitions(instructions: string, labels: readonly string[]): readonly LabelReading[] {
  const drafts = new Map<string, Draft>(
    labels.map((label) => [
      label,
      {
        defined: new Set(),
        hinted: new Set(),
        excluded: new Set(),
        preferredInDoubt: false,
        hasDefinition: false,
      },
    ]),
  );
  readBrackets(instructions, drafts);
  readQuestion(instructions, drafts);
  for (const line of instructions.split("\n")) {
    const definition = definitionIn(line, labels);
    const draft = definition && drafts.get(definition.label);
    if (definition !== undefined && draft !== undefined) {
      add(draft.defined, definition.text, definition.label);
      draft.hasDefinition = true;
      continue;
    }
    for (const sentence of sentencesOf(line)) {
      if (
        enumerationIn(sentence) !== undefined &&
        labels.filter((each) => mentions(sentence, each)).length > 1
      )
        continue;
      readSentence(sentence, labels, drafts);
    }
  }
  return [...drafts].map(([label, draft]) => ({ label, catchAll: CATCH_ALL.test(label), ...draft }));
}
