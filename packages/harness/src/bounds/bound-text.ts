/** Holds a text to a size before anything is made of it: its bodies, its contracts and its tools. */
import { bodiesOf, HarnessError, type VersionText } from "@colophon/kernel";
import { checkerOf } from "../schema-checker.ts";
import { boundSchema } from "./bound-schema.ts";
import { isWithinDepth } from "./bound-value.ts";

const MOST_UNITS = 1_000_000;
const MOST_TAGS = 20_000;
const MOST_TOOLS = 1_000;
/** A prompt's file with the deepest schema that is taken in it. */
const DEEPEST_FILE = 500;

/** @throws HarnessError `prompt-invalid` for a file that nests too deep for anybody to read. */
export function boundFile(value: unknown, file: string): void {
  if (isWithinDepth(value, DEEPEST_FILE)) return;
  throw new HarnessError("prompt-invalid", `${file} nests more than ${DEEPEST_FILE} deep; write it flatter.`);
}

/**
 * @param name of the text, for the sentence.
 * @throws HarnessError `prompt-invalid` for bodies or tools that are too many or too long, `schema-unsupported` for
 * a schema that is too large, nests too deep or refers elsewhere.
 */
export function boundText(text: VersionText, name: string): void {
  const words = bodiesOf(text).flatMap((body) =>
    typeof body === "string" ? [body] : body.map((part) => (part === "history" ? "" : part.content)),
  );
  const units = words.reduce((sum, { length }) => sum + length, 0);
  if (units > MOST_UNITS) throw tooMuch(name, `${units} characters in its bodies`, MOST_UNITS);
  const tags = words.reduce((sum, word) => sum + word.split("{{").length - 1, 0);
  if (tags > MOST_TAGS) throw tooMuch(name, `${tags} tags in its bodies`, MOST_TAGS);
  const { input, output, tools = [] } = text;
  if (tools.length > MOST_TOOLS) throw tooMuch(name, `${tools.length} tools`, MOST_TOOLS);
  for (const schema of [input, ...(output === undefined ? [] : [output])]) boundSchema(schema);
  for (const tool of tools) boundSchema(tool.input);
}

/**
 * Whether variables and answers can be held against what the text says of them.
 *
 * @throws HarnessError `schema-unsupported`, also for a pattern that cannot be found in linear time.
 */
export function checkContracts({ input, output }: VersionText): void {
  checkerOf(input);
  if (output !== undefined) checkerOf(output);
}

function tooMuch(name: string, what: string, most: number): HarnessError {
  return new HarnessError(
    "prompt-invalid",
    `${name} has ${what}, and at most ${most} are taken; shorten it.`,
  );
}
