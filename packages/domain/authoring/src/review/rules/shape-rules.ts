/** Rules about how a text is built: its order, its length, its roles. */
import type { ReviewRule } from "../review-rule.ts";
import { TAG_MARK, type TextPart } from "../reviewed-text.ts";

/** Characters of a token, as a rule of thumb for English. */
const CHARACTERS_PER_TOKEN = 4;
/** Providers cache from about 1,024 tokens on; fewer behind a variable are no loss. */
const CACHED_CHARACTERS = 1_024 * CHARACTERS_PER_TOKEN;

function fixedLength(words: string): number {
  return words.replaceAll(TAG_MARK, "").length;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

export const LATE_STATIC_TEXT: ReviewRule = {
  id: "late-static-text",
  severity: "low",
  summary: "Much fixed text stands after the first variable, where no provider's prompt cache reaches it.",
  advice: "Put the fixed text first and the variables last.",
  find: ({ parts }) => {
    const own = parts.filter(({ locale }) => locale === null);
    const at = own.findIndex(({ reads }) => reads.length > 0);
    const part = own[at];
    const first = part?.reads.toSorted((a, b) => a.offset - b.offset)[0];
    if (part === undefined || first === undefined) return [];
    const sum = (some: readonly TextPart[]): number =>
      some.reduce((total, { words }) => total + fixedLength(words), 0);
    const before = sum(own.slice(0, at)) + fixedLength(part.words.slice(0, first.offset));
    const after = fixedLength(part.words.slice(first.offset)) + sum(own.slice(at + 1));
    if (after < CACHED_CHARACTERS || after <= before) return [];
    const tokens = grouped(Math.round(after / CHARACTERS_PER_TOKEN));
    const message = `Some ${tokens} tokens of fixed text stand after {{${first.path}}}, so each call pays for them anew: a prompt cache ends where calls begin to differ.`;
    return [{ message, about: first.variable, spot: { part, offset: first.offset } }];
  },
};

const LONG_CHARACTERS = 60_000;

export const LONG_BODY: ReviewRule = {
  id: "long-body",
  severity: "low",
  summary: "The body is very long.",
  advice: "Take out what does not change answers, or fetch by the question what is needed.",
  find: ({ parts }) => {
    const byLocale = Map.groupBy(parts, ({ locale }) => locale);
    return [...byLocale].flatMap(([locale, some]) => {
      const length = some.reduce((total, { words }) => total + fixedLength(words), 0);
      const [part] = some;
      if (length < LONG_CHARACTERS || part === undefined) return [];
      const tokens = grouped(Math.round(length / CHARACTERS_PER_TOKEN));
      const message = `The body has some ${tokens} tokens of fixed text: every call pays for them, and models follow instructions less the more there are.`;
      return [{ message, about: locale ?? "body", spot: { part, offset: 0 } }];
    });
  },
};

/** What chat models are trained with, and providers put in themselves. */
const MARKUP =
  /<\|(?:im_start|im_end|system|user|assistant|end|eot_id|start_header_id|end_header_id|endoftext)\|>|\[\/?INST\]|<<\/?SYS>>|<(?:start|end)_of_turn>/;
const COMPLETION = /\n\n(?:Human|Assistant|H|A):\s*$/;

export const CHAT_MARKUP: ReviewRule = {
  id: "chat-markup",
  severity: "medium",
  summary: "Marks of a chat format stand in the text, where the provider puts in its own.",
  advice: 'Write messages with roles, as {{role "system"}} or as a list.',
  find: ({ parts }) =>
    parts.flatMap((part) => {
      const found = MARKUP.exec(part.words) ?? COMPLETION.exec(part.words);
      if (found === null) return [];
      const mark = found[0].trim();
      const message = `${mark} belongs to a chat format of its own: providers make that of roles, and take it for plain words or for the end of a message here.`;
      return [{ message, about: mark, spot: { part, offset: found.index + found[0].indexOf(mark) } }];
    }),
};

export const LATE_SYSTEM: ReviewRule = {
  id: "late-system",
  severity: "low",
  summary: "A system message stands after another message.",
  advice: "Put system text first; some providers move it there, others refuse it.",
  find: ({ parts }) => {
    const own = parts.filter(({ locale }) => locale === null);
    const first = own.findIndex(({ role }) => role !== "system");
    const part = first < 0 ? undefined : own.slice(first).find(({ role }) => role === "system");
    if (part === undefined) return [];
    const message =
      "A system message stands after a message of another role: not every provider takes it there.";
    return [{ message, about: "system", spot: { part, offset: 0 } }];
  },
};
