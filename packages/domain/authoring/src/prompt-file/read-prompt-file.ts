/** Reads a prompt file: YAML between two lines of `---`, then the body. */
import { type Body, buildText } from "@colophon/kernel";
import type { Steps } from "../field-reader.ts";
import type { PromptSpec } from "../read-prompt-spec.ts";
import { checkFileTemplate } from "./check-file-template.ts";
import { decodePromptFile } from "./decode-prompt-file.ts";
import { splitMessages } from "./file-messages.ts";
import { parseFrontMatter } from "./parse-front-matter.ts";
import { type Place, type Problem, promptFileError } from "./prompt-file-error.ts";
import { OURS, readFrontFields } from "./read-front-fields.ts";
import { type SplitPromptFile, splitPromptFile } from "./split-prompt-file.ts";

/** Where a file stands. */
export interface PromptFilePlace {
  /** For errors, such as `prompts/support/triage.prompt`. */
  readonly name: string;
  /** From the path, for a file that says no name; null where the file has to say one. */
  readonly key: string | null;
}

/** As many as a registry takes in the bodies of one text. */
const MOST_TAGS = 20_000;

/**
 * The prompt that a file says.
 *
 * @param source bytes of UTF-8, or a text; at most 2,000,000 characters.
 * @throws HarnessError `prompt-invalid`, `template-syntax`, each with file, line and
 * column; `details` has them as `file`, `line` and `column`.
 */
export function readPromptFile(source: string | Uint8Array, place: PromptFilePlace): PromptSpec {
  const { name, key } = place;
  const file = splitPromptFile(decodePromptFile(source, name), name);
  const front = parseFrontMatter(file.front, name);
  const places = new Map<string, Steps>();
  const field = { value: front.value, path: "", problems: [], steps: [], places };
  const fields = readFrontFields(field, key);
  const placeOf = (steps: Steps): Place => front.placeOf(steps) ?? { line: file.openingLine, column: 1 };
  const problems = [
    ...field.problems.map((sentence) => ({ sentence, place: placeOf(places.get(sentence) ?? []) })),
    ...bodyProblems(file, Object.values(fields?.parts.locales ?? {})),
  ];
  if (fields === undefined || problems.length > 0) throw promptFileError(name, problems);
  const body = readFileBody(file, { messages: fields.messages, name });
  for (const [locale, other] of Object.entries(fields.parts.locales ?? {})) {
    const field = { name: `${OURS}locales.${locale}`, place: placeOf([`${OURS}locales`, locale]) };
    checkFileTemplate({ body: other, name, field });
  }
  const { parts, metadata } = fields;
  return { key: fields.key, text: buildText({ ...parts, body }), metadata };
}

function bodyProblems({ body, bodyLine }: SplitPromptFile, others: readonly Body[]): readonly Problem[] {
  const place = { line: bodyLine, column: 1 };
  if (body.trim() === "") {
    return [{ place, sentence: "the body is empty: write the text of the prompt after the second ---." }];
  }
  const tags = [body, ...others.flatMap(wordsOf)].reduce((sum, text) => sum + text.split("{{").length - 1, 0);
  return tags <= MOST_TAGS
    ? []
    : [
        {
          place,
          sentence: `the body and its translations have ${tags} tags, and at most ${MOST_TAGS} are read: shorten them.`,
        },
      ];
}

function wordsOf(body: Body): readonly string[] {
  return typeof body === "string" ? [body] : body.map((part) => (part === "history" ? "" : part.content));
}

function readFileBody(
  { body, bodyLine }: SplitPromptFile,
  how: { readonly messages: boolean; readonly name: string },
) {
  const padded = "\n".repeat(bodyLine - 1) + body;
  checkFileTemplate({ body: padded, name: how.name });
  return how.messages ? splitMessages({ body, padded, name: how.name }) : body;
}
