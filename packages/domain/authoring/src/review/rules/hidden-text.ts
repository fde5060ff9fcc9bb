/** Rules about what readers do not see: invisible characters, and letters that pass for others. */
import { type ReviewSeverity, sha256 } from "@colophon/kernel";
import type { ReviewRule } from "../review-rule.ts";
import { type PlacedText, placedTexts } from "../text-fields.ts";

interface HiddenKind {
  readonly name: string;
  readonly severity: ReviewSeverity;
  readonly why: string;
  /** Takes the character's code point and what stands around it. */
  is(code: number, around: { readonly before: string; readonly after: string }): boolean;
}

const EMOJI_FLAG = /\u{1F3F4}[\u{E0020}-\u{E007E}]*$/u;
/** Scripts that are written from right to left, or join by zero-width characters. */
const JOINING =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Malayalam}\p{Script=Kannada}\p{Script=Telugu}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Mongolian}]/u;
const LATIN = /\p{Script=Latin}|\d/u;

const KINDS: readonly HiddenKind[] = [
  {
    name: "tag characters",
    severity: "high",
    why: "nobody sees them and models read them as letters: so orders are smuggled into prompts",
    is: (code, { before }) => code >= 0xe0000 && code <= 0xe007f && !EMOJI_FLAG.test(before),
  },
  {
    name: "a run of variation selectors",
    severity: "high",
    why: "nobody sees them, and a run of them carries any text",
    is: (code, { before, after }) => isSelector(code) && (isSelectorEnd(before) || isSelectorStart(after)),
  },
  {
    name: "characters that turn the direction of writing",
    severity: "high",
    why: "what people read is then not in the order that the model reads",
    is: (code, { before, after }) =>
      ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) &&
      !JOINING.test(before + after),
  },
  {
    name: "zero-width characters",
    severity: "medium",
    why: "nobody sees them; they split words for the model and hide text from searches",
    is: (code, { before, after }) =>
      code === 0x200b ||
      (code >= 0x2060 && code <= 0x2064) ||
      code === 0xfeff ||
      code === 0x180e ||
      ((code === 0x200c || code === 0x200d) && LATIN.test(before.slice(-1)) && LATIN.test(after.charAt(0))),
  },
  {
    name: "control characters",
    severity: "medium",
    why: "nobody sees them, and no prompt needs them",
    is: (code) => (code < 0x20 && code !== 9 && code !== 10 && code !== 13) || (code >= 0x7f && code < 0xa0),
  },
];

function isSelector(code: number): boolean {
  return code >= 0xe0100 && code <= 0xe01ef;
}

function isSelectorEnd(text: string): boolean {
  return isSelector(text.codePointAt(text.length - 2) ?? 0);
}

function isSelectorStart(text: string): boolean {
  return isSelector(text.codePointAt(0) ?? 0);
}

/** Plain text has none of these, and need not be walked. */
const SUSPICIOUS = /[^\t\n\r\u0020-\u007E\u00A0-\u0300\p{L}\p{N}\p{P}\p{S}]/u;
const AROUND = 24;

function hiddenIn({ source }: PlacedText) {
  const found = new Map<HiddenKind, { characters: string; readonly offset: number }>();
  if (!SUSPICIOUS.test(source)) return found;
  let offset = 0;
  for (const character of source) {
    const end = offset + character.length;
    if (SUSPICIOUS.test(character)) {
      const around = {
        before: source.slice(Math.max(0, offset - AROUND), offset),
        after: source.slice(end, end + AROUND),
      };
      const kind = KINDS.find((one) => one.is(character.codePointAt(0) ?? 0, around));
      const known = kind === undefined ? undefined : found.get(kind);
      if (known !== undefined) known.characters += character;
      else if (kind !== undefined) found.set(kind, { characters: character, offset });
    }
    offset = end;
  }
  return found;
}

export const HIDDEN_CHARACTERS: ReviewRule = {
  id: "hidden-characters",
  severity: "high",
  summary: "Characters that nobody sees stand in the text.",
  advice: "Take them out: write the line anew, or paste it as plain text.",
  find: (text) =>
    placedTexts(text).flatMap((placed) =>
      Array.from(hiddenIn(placed), ([{ name, severity, why }, { characters, offset }]) => {
        const count = [...characters].length;
        return {
          severity,
          message: `${count === 1 ? "One of the" : `${count}`} ${name.replace(/^a run of /, "")} ${count === 1 ? "stands" : "stand"} in the text: ${why}.`,
          // Who accepts what is hidden today accepts nothing that is hidden tomorrow.
          about: `${name} ${sha256(characters)}`,
          spot: placed.spotAt(offset),
        };
      }),
    ),
};

/** Cyrillic and Greek letters that look like Latin ones. */
const LOOKALIKE = /[аеорсухіѕјԁһԛԝвкмнтАВЕКМНОРСТХІЅЈ]|[οανρτικυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]/u;
const WORD = /\p{L}+/gu;
const LEAST_LATIN = 2;

export const MIXED_SCRIPTS: ReviewRule = {
  id: "mixed-scripts",
  severity: "medium",
  summary: "A word mixes Latin letters with others that look like them.",
  advice: "Write the word anew in one script.",
  find: ({ parts }) =>
    parts.flatMap((part) => {
      const mixed = [...part.words.matchAll(WORD)].filter(
        ([word]) => LOOKALIKE.test(word) && (word.match(/\p{Script=Latin}/gu)?.length ?? 0) >= LEAST_LATIN,
      );
      const [first] = mixed;
      if (first === undefined) return [];
      const count = mixed.length === 1 ? "A word mixes" : `${mixed.length} words mix`;
      const message = `${count} Latin letters with Cyrillic or Greek ones that look like them: people read one word, the model another.`;
      return [{ message, about: mixed.map(([word]) => word).join(" "), spot: { part, offset: first.index } }];
    }),
};
