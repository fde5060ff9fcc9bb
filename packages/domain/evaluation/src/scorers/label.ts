/** The scorer `label`: the first label that stands in the answer is the expected one. */
import { defineScorer } from "./define-scorer.ts";
import { againstText } from "./expected-text.ts";
import { defaulted, FLAG, optional, required, TEXT, TEXTS } from "./option.ts";
import { plainText } from "./plain-text.ts";
import { noScore, passes, quoted } from "./score-outcome.ts";

export const label = defineScorer({
  name: "label",
  options: { labels: required(TEXTS), value: optional(TEXT), ignoreCase: defaulted(FLAG, true) },
  prepare(options) {
    const plain = (text: string): string => plainText(text, { ...options, trim: true });
    const labels = options.labels.map(plain);
    return (input) =>
      againstText(input, options.value, (expected) => {
        const wanted = plain(expected);
        if (!labels.includes(wanted)) {
          return noScore(`The case expects ${quoted(expected)}, which is none of the labels.`);
        }
        const found = firstLabel(plain(input.text ?? ""), labels);
        if (found === undefined) return passes(false, "there is no label in the answer");
        return passes(found === wanted, `${quoted(found)} is not ${quoted(wanted)}`);
      });
  },
});

/** The label that stands first as whole words; the longest of several at one place. */
function firstLabel(text: string, labels: readonly string[]): string | undefined {
  let first: { readonly label: string; readonly at: number } | undefined;
  for (const one of labels) {
    const at = wholeWordIn(text, one);
    if (at < 0) continue;
    if (first === undefined || at < first.at || (at === first.at && one.length > first.label.length)) {
      first = { label: one, at };
    }
  }
  return first?.label;
}

const WORD = /[\p{L}\p{N}_]/u;

function wholeWordIn(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = at === 0 || !WORD.test(text[at - 1] as string);
    const end = at + word.length;
    if (before && (end === text.length || !WORD.test(text[end] as string))) return at;
  }
  return -1;
}
