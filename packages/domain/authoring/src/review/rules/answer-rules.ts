/** Rules about the answer that a text asks for, its contract and the parameters that shape it. */
import { languagesIn } from "../languages/languages-of.ts";
import { unitOf } from "../languages/review-language.ts";
import type { ReviewRule, RuleHit } from "../review-rule.ts";
import type { ReviewedText } from "../reviewed-text.ts";
import { type Sentence, sentencesOf } from "../sentences-of.ts";

const ASKS_LABEL =
  /\b(?:answer|respond|reply|output|return)\b[^.]{0,30}\b(?:with|only)\b[^.]{0,20}\b(?:the\s+label|one\s+of\s+(?:the\s+following|these)|the\s+category|exactly\s+one\s+of)\b/i;

function instructions({ parts }: ReviewedText): readonly Sentence[] {
  return parts.filter(({ role, locale }) => role !== "assistant" && locale === null).flatMap(sentencesOf);
}

export const MISSING_OUTPUT: ReviewRule = {
  id: "missing-output-contract",
  severity: "medium",
  summary: "The text asks for a form of answer that no contract holds.",
  advice:
    "Describe the answer in `output`, a JSON Schema: rows, evals and guards then see answers that break it.",
  find: (text) => {
    if (text.text.output !== undefined) return [];
    const sentences = instructions(text);
    const languages = languagesIn(text, null).read;
    const json = sentences.find(
      (one) =>
        languages.some(({ asksJson }) => asksJson.test(one.text)) &&
        !languages.some(({ aboutInput }) => aboutInput.test(one.text)),
    );
    const label = sentences.find((one) => ASKS_LABEL.test(one.text));
    const found = json ?? label;
    if (found === undefined) return [];
    const what = json === undefined ? "one of several labels" : "JSON";
    return [
      {
        severity: json === undefined ? "low" : "medium",
        message: `The text asks for ${what}, and there is no \`output\` to hold the answers against.`,
        about: what,
        spot: { part: found.part, offset: found.offset },
      },
    ];
  },
};

/** Names under which providers know the limit of an answer. */
const LIMITS = [
  "max_tokens",
  "max_output_tokens",
  "max_completion_tokens",
  "maxTokens",
  "maxOutputTokens",
  "num_predict",
];
/** English needs about 1.3 tokens for a word. */
const TOKENS_PER_WORD = 1.3;
const LEAST =
  /\b(?:at\s+least|no\s+(?:fewer|less)\s+than|minimum\s+of|exactly|about|around|approximately)\s+(\d{2,6})\s+words\b/i;

/** As other languages say it. */
function leastWords(text: ReviewedText, said: string): number {
  const counts = languagesIn(text, null).read.map((language) => {
    const { count = "0", unit = "" } = language.least.exec(said)?.groups ?? {};
    return language.name !== "English" && unitOf(language, unit) === "word" ? Number(count) : 0;
  });
  return Math.max(...counts);
}

export const SHORT_LIMIT: ReviewRule = {
  id: "short-limit",
  severity: "medium",
  summary: "The limit of tokens cuts off the answer that the text asks for.",
  advice: "Raise the limit, or ask for less.",
  find: (text) => {
    const parameters = text.text.model.parameters ?? {};
    const name = LIMITS.find((one) => typeof parameters[one] === "number");
    const limit = name === undefined ? null : (parameters[name] as number);
    if (limit === null) return [];
    return instructions(text).flatMap((one): readonly RuleHit[] => {
      const words = Number(LEAST.exec(one.text)?.[1] ?? leastWords(text, one.text));
      if (words * TOKENS_PER_WORD <= limit) return [];
      return [
        {
          message: `${words} words are asked for, and ${name} of ${limit} ends the answer after some ${Math.floor(limit / TOKENS_PER_WORD)}.`,
          about: `${words} words`,
          spot: { field: "parameters", words: `parameters.${name}` },
        },
      ];
    });
  },
};

const WARM = 1;

export const WARM_CONTRACT: ReviewRule = {
  id: "warm-contract",
  severity: "low",
  summary: "A high temperature makes answers that break their contract.",
  advice: "Take a temperature of 1 or less where the answer has a contract.",
  find: ({ text }) => {
    const { temperature } = text.model.parameters ?? {};
    if (text.output === undefined || typeof temperature !== "number" || temperature <= WARM) return [];
    return [
      {
        message: `The temperature is ${temperature} and the answer has a contract: the warmer, the more answers break it.`,
        about: "temperature",
        spot: { field: "parameters", words: "parameters.temperature" },
      },
    ];
  },
};
