/** Converts one file of Dotprompt. */
import { type JsonSchema, modelChoice, type PartialSource, type VersionText } from "@colophon/kernel";
import { type Fields, isFields, type Steps } from "../../field-reader.ts";
import { checkFileTemplate } from "../../prompt-file/check-file-template.ts";
import { decodePromptFile } from "../../prompt-file/decode-prompt-file.ts";
import { parseFrontMatter } from "../../prompt-file/parse-front-matter.ts";
import { promptFileError } from "../../prompt-file/prompt-file-error.ts";
import { keyOfPath } from "../../prompt-file/prompt-file-path.ts";
import { type FrontFields, readFrontFields } from "../../prompt-file/read-front-fields.ts";
import { type SplitPromptFile, splitPromptFile } from "../../prompt-file/split-prompt-file.ts";
import type { PromptSpec } from "../../read-prompt-spec.ts";
import { boundSource } from "../bound-source.ts";
import { finishVersion } from "../finish-version.ts";
import type { Remarks } from "../imported.ts";
import { inferInput } from "../infer-input.ts";
import { providerParameters } from "../provider-parameters.ts";
import { convertDotpromptBody, linedBody } from "./convert-dotprompt-body.ts";
import { convertDotpromptFront } from "./convert-dotprompt-front.ts";
import { fillDefaults, guardOptional } from "./fill-defaults.ts";

export interface DotpromptFile {
  /** From the folder of the prompts on, with `/`. */
  readonly path: string;
  /** For people. */
  readonly name: string;
  /** Bytes of UTF-8, or a text. */
  readonly source: string | Uint8Array;
}

export interface ConvertingFile {
  readonly model: string | null;
  readonly remarks: Remarks;
  /** Texts that were converted already, by key. */
  readonly texts: ReadonlyMap<string, VersionText>;
}

/** @throws CannotConvert, or HarnessError with the place, for what has no counterpart. */
export function convertDotpromptFile(file: DotpromptFile, converting: ConvertingFile): PromptSpec {
  const { name } = file;
  const { remarks, texts } = converting;
  const split = splitLoosely(decodePromptFile(file.source, name), name);
  const front = parseFrontMatter(split.front, name);
  boundSource(split.body);
  const converted = convertDotpromptFront(front.value, { file, converting });
  const fields = readFront(converted.fields, { file, placeOf: front.placeOf, line: split.openingLine });
  const padded = "\n".repeat(split.bodyLine - 1) + linedBody(split.body);
  checkFileTemplate({ body: padded, name });
  const isWhole = fields.messages;
  const plain = convertDotpromptBody(split.body, { name, remarks, texts, line: split.bodyLine, isWhole });
  const partials = partialTexts(texts);
  const given = fields.parts.input;
  const declared = given ?? inferred(inferInput(plain, partials), { name, remarks });
  const filled = fillDefaults(
    { body: plain, input: declared, defaults: converted.defaults },
    { name, remarks },
  );
  const body = guardOptional(filled, { name, remarks, partials });
  return finishVersion({
    key: fields.key,
    parts: { ...namedParameters(fields, { name, remarks }), input: filled.input, body },
    metadata: fields.metadata,
  });
}

/** Dotprompt takes a file without front matter for a template alone. */
function splitLoosely(text: string, name: string): SplitPromptFile {
  const first = text.split("\n").find((line) => line.trim() !== "" && !line.startsWith("#"));
  if (first?.trimEnd() === "---") return splitPromptFile(text, name);
  return { front: "", openingLine: 1, body: text, bodyLine: 1 };
}

interface ReadingFront {
  readonly file: DotpromptFile;
  readonly placeOf: (steps: Steps) => { readonly line: number; readonly column: number } | undefined;
  /** Of the front matter's beginning. */
  readonly line: number;
}

function readFront(value: Fields, { file, placeOf, line }: ReadingFront): FrontFields {
  const problems: string[] = [];
  const places = new Map<string, Steps>();
  const fields = readFrontFields({ value, path: "", problems, steps: [], places }, keyOfPath(file.path));
  if (fields !== undefined && problems.length === 0) return fields;
  throw promptFileError(
    file.name,
    problems.map((sentence) => ({
      sentence,
      place: placeOf(places.get(sentence) ?? []) ?? { line, column: 1 },
    })),
  );
}

interface Saying {
  readonly name: string;
  readonly remarks: Remarks;
}

function inferred(input: JsonSchema, { name, remarks }: Saying): JsonSchema {
  const { required = [], properties } = input;
  if (!isFields(properties) || Object.keys(properties).length === 0) return input;
  const needed = (required as readonly string[]).join(", ");
  remarks.changed(
    name,
    `it has no input.schema, so one was made of what its body reads${needed === "" ? "" : `: ${needed} must be passed, where Dotprompt prints nothing for what is missing`}.`,
  );
  return input;
}

function namedParameters({ parts }: FrontFields, { name, remarks }: Saying): FrontFields["parts"] {
  const { provider, id } = modelChoice(parts.model);
  const { parameters, renamed } = providerParameters(provider, parts.parameters ?? {});
  if (renamed.length > 0) remarks.changed(name, `for ${provider}, ${renamed.join(", ")} in config.`);
  if (provider !== "googleai") return { ...parts, parameters };
  remarks.changed(name, `its provider googleai is called google here.`);
  return { ...parts, model: { provider: "google", id }, parameters };
}

/** Included by key and not pinned, as Dotprompt has it; a list of messages cannot be. */
function partialTexts(texts: ReadonlyMap<string, VersionText>): PartialSource {
  return new Map(
    [...texts].filter(([, { body }]) => typeof body === "string").map(([key, { body }]) => [key, body]),
  );
}
