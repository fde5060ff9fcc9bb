/** Finds the stretches of a text that could be a value: an address, a date, a sum, a name. */

import { stemsOf } from "./words.ts";

export const SPAN_KINDS = [
  "email",
  "url",
  "date",
  "phone",
  "money",
  "identifier",
  "person",
  "organisation",
  "place",
  "number",
  "quoted",
] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

export interface Span {
  readonly text: string;
  readonly at: number;
  /** Spans that stand in one list ("Paris and Rome") share it. */
  readonly list: number;
}

const MONTH =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const DATE = new RegExp(
  `\\b\\d{4}-\\d{2}-\\d{2}\\b|\\b\\d{1,2}[./]\\d{1,2}[./]\\d{2,4}\\b|\\b${MONTH}\\.? \\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?\\b|\\b\\d{1,2}(?:st|nd|rd|th)? (?:of )?${MONTH}(?:,? \\d{4})?\\b|\\b(?:(?:next |last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|yesterday)\\b`,
  "giu",
);
// Bounded, so that a text of capitals alone is not searched through again and again.
const NAME = "\\p{Lu}[\\p{L}'’-]{1,30}(?: \\p{Lu}[\\p{L}'’.-]{1,30}){0,3}";
const LIST = `(${NAME}(?:(?:, | and | or |, and |, or )${NAME})*)`;

const PATTERNS: Readonly<Record<SpanKind, readonly RegExp[]>> = {
  email: [/(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/giu],
  url: [/https?:\/\/[^\s<>"')]*[^\s<>"').,;]/giu],
  phone: [/(?<![\w-])(?!\d{4}-\d{2}-\d{2}\b)\+?\d[\d ()/-]{6,20}\d(?![\w-])/gu],
  date: [DATE],
  money: [
    /(?:[$€£]|\b(?:usd|eur|gbp) ?)\d[\d,]*(?:\.\d+)?|\b\d[\d,]*(?:\.\d+)? ?(?:[$€£]|(?:dollars?|euros?|pounds?|usd|eur|gbp)\b)/giu,
  ],
  identifier: [
    /\b(?=[A-Z-]{0,12}\d)[A-Z]{1,6}-?\d[\dA-Z-]*\b|(?<=#)\d[\w-]*|\b(?<![-.\d])\d{4,}(?![-.]\d)\b/gu,
  ],
  person: [
    new RegExp(
      `(?:[Mm]y name is|I am|I['’]m|[Tt]his is|[Rr]egards,?|[Cc]heers,?|[Tt]hanks,?|[Ss]incerely,?|[Dd]ear|Mrs?\\.?|Ms\\.?|[Cc]ustomer|[Ff]rom)\\s+(${NAME})`,
      "gu",
    ),
    /\b(?!(?:I|The|We|My|It|Hello|Dear|Best|Kind)\b)\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+\b/gu,
  ],
  organisation: [
    new RegExp(`\\b(${NAME} (?:Inc|Ltd|LLC|GmbH|AG|Corp|Co|SA|Group|Bank)\\b)`, "gu"),
    new RegExp(`\\b(?:work(?:s|ing)? (?:at|for)|at|with|by|of)\\s+(${NAME})`, "gu"),
  ],
  place: [new RegExp(`\\b(?:in|at|to|from|near|for|around|visit(?:ing)?)\\s+${LIST}`, "gu")],
  number: [/(?<![\w.,-])\d+(?:[.,]\d{1,12}){0,8}(?!-?\d|[\p{L}_])/gu],
  quoted: [/["“]([^"”\n]{1,200})["”]/gu, /(?<!\w)'([^'\n]{2,200})'(?!\w)/gu],
};

/** The words by which a field's name or description tells what kind of value it wants, the surest first. */
const WORDS: readonly (readonly [SpanKind, string])[] = [
  ["email", "email mail"],
  ["url", "url link website site page"],
  ["phone", "phone telephone mobile fax"],
  ["date", "date day due deadline birthday dob since until"],
  ["money", "amount price cost total fee sum charged refund paid budget salary balance"],
  ["identifier", "id identifier reference ref code sku order invoice tracking serial"],
  ["place", "city place location country town destination origin address where region"],
  ["organisation", "company organisation organization vendor merchant employer brand firm"],
  ["person", "name customer person author sender contact who user recipient"],
  ["number", "count quantity age number many items rating days hours size weight"],
];

const KINDS = WORDS.map(([kind, words]) => ({ kind, stems: stemsOf(words) }));

/** The kinds of value that a field's words speak of, the surest first. */
export function kindsFor(words: ReadonlySet<string>): readonly SpanKind[] {
  return KINDS.filter(({ stems }) => [...words].some((stem) => stems.has(stem))).map(({ kind }) => kind);
}

function membersOf(text: string, at: number, list: number): readonly Span[] {
  let from = 0;
  return text.split(/,? and |,? or |, /u).map((member) => {
    const start = text.indexOf(member, from);
    from = start + member.length;
    return { text: member, at: at + start, list };
  });
}

const COMPANY = / (?:Inc|Ltd|LLC|GmbH|AG|Corp|Co|SA|Group|Bank)\.?$/;
/** What a bare number must not stand in. */
const AROUND_NUMBERS: readonly SpanKind[] = ["date", "phone", "identifier", "email", "url"];

/** Which places of a text are taken up by something that a number there is only a part of. */
function partsOfMore(text: string): Uint8Array {
  const taken = new Uint8Array(text.length);
  for (const { at, text: whole } of AROUND_NUMBERS.flatMap((kind) => findSpans(text, kind)))
    taken.fill(1, at, at + whole.length);
  return taken;
}

/** Leaves out what only looks like the kind: a company is no person, the day of a date no number. */
function genuine(spans: readonly Span[], kind: SpanKind, text: string): readonly Span[] {
  if (kind === "person") return spans.filter((span) => !COMPANY.test(span.text));
  if (kind !== "number") return spans;
  const taken = partsOfMore(text);
  return spans.filter(({ at }) => taken[at] === 0);
}

/** All spans of a kind, in the order of the text. */
export function findSpans(text: string, kind: SpanKind): readonly Span[] {
  const spans = PATTERNS[kind].flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match): readonly Span[] => {
      const whole = (match[1] ?? match[0]).trim();
      const at = match.index + match[0].indexOf(whole);
      return kind === "place" ? membersOf(whole, at, at) : [{ text: whole, at, list: at }];
    }),
  );
  const distinct = new Map(spans.map((span) => [span.at, span]));
  const inOrder = [...distinct.values()].toSorted((left, right) => left.at - right.at);
  return genuine(inOrder, kind, text);
}
