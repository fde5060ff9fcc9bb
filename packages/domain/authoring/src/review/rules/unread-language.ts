/** The rule about texts in a language that the rules for words do not read: what they did not find is no pass. */
import { languagesIn, REVIEW_LANGUAGES } from "../languages/languages-of.ts";
import type { ReviewRule } from "../review-rule.ts";

export const UNREAD_LANGUAGE: ReviewRule = {
  id: "unread-language",
  severity: "low",
  summary: "The text is in a language that the rules for words do not read.",
  advice: "Have somebody who reads it look for what these rules look for, or ask a judge.",
  find: (text) =>
    [...Map.groupBy(text.parts, ({ locale }) => locale)].flatMap(([locale, some]) => {
      const { unread } = languagesIn(text, locale);
      const [part] = some;
      if (unread === null || part === undefined) return [];
      const names = REVIEW_LANGUAGES.map(({ name }) => name);
      const message = `The text has ${unread}, and rules that read words (over-privileged, contradiction, fence-without-notice, missing-output-contract, short-limit) know ${names.join(", ")}: what they have not found there is not known.`;
      return [{ message, about: locale ?? "body", spot: { part, offset: 0 } }];
    }),
};
