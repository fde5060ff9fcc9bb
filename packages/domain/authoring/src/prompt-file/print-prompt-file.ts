/** Writes a prompt as a prompt file. */
import {
  bodiesOf,
  HarnessError,
  type ModelChoice,
  modelChoice,
  templatePartials,
  type VersionText,
} from "@colophon/kernel";
import { Document, isScalar, Scalar, visit } from "yaml";
import type { PromptSpec } from "../read-prompt-spec.ts";
import { printMessages } from "./file-messages.ts";
import { printFileSchema } from "./print-file-schema.ts";
import { OURS } from "./read-front-fields.ts";

export interface PrintOptions {
  /** What the path says: the name is left out where it is the same. */
  readonly keyFromPath?: string | null;
}

/**
 * The file that `readPromptFile` reads back as the same prompt. Hashes of pinned partials are left out:
 * registration finds them again.
 *
 * @throws HarnessError `prompt-invalid` for a body with a carriage return before a line end, which no file keeps;
 * `template-syntax` for messages that are no templates, or hold roles of their own.
 */
export function printPromptFile(spec: PromptSpec, options: PrintOptions = {}): string {
  const { body } = spec.text;
  refuseLostReturns(spec);
  // A role inside of a message would be read as the next message.
  if (typeof body !== "string") templatePartials(body);
  const words = typeof body === "string" ? body : printMessages(body);
  // A line end after a carriage return would be read as one line end.
  const end = words.endsWith("\r") ? "" : "\n";
  return `---\n${printYaml(frontOf(spec, options))}---\n${words}${end}`;
}

function refuseLostReturns({ key, text }: PromptSpec): void {
  const texts = bodiesOf(text).flatMap((body) =>
    typeof body === "string" ? [body] : body.map((part) => (part === "history" ? "" : part.content)),
  );
  if (!texts.some((words) => words.includes("\r\n"))) return;
  throw new HarnessError(
    "prompt-invalid",
    `${key} has a carriage return before a line end, which a file cannot keep; register it anew without.`,
  );
}

type Fields = Readonly<Record<string, unknown>>;

function frontOf({ key, text, metadata }: PromptSpec, { keyFromPath }: PrintOptions): Fields {
  const { purpose, ...facts } = metadata;
  const { parameters, ...model } = text.model;
  const ours = {
    ...facts,
    backup: facts.backup?.map(printModel),
    routes: facts.routes && mapValues(facts.routes, printModel),
    toolChoice: text.toolChoice,
    untrusted: text.untrusted,
    cache: text.cache,
    messages: typeof text.body === "string" ? undefined : true,
    defaultLocale: text.defaultLocale,
    locales: text.locales,
  };
  const front = {
    name: key === keyFromPath ? undefined : key,
    description: purpose,
    model: printModel(model),
    config: parameters,
    input: printInput(text),
    output: printOutput(text),
    toolDefs: text.tools?.map(({ name, description, input }) =>
      said({ name, description, inputSchema: printFileSchema(input) }),
    ),
    ...Object.fromEntries(Object.entries(ours).map(([name, value]) => [OURS + name, value])),
  };
  return said(front);
}

function said(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function mapValues<T>(values: Readonly<Record<string, T>>, change: (value: T) => unknown): Fields {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

/** The shortest way to write a model that is read as just this one. */
function printModel(model: ModelChoice): unknown {
  const { provider, id, parameters } = model;
  if (parameters !== undefined) return model;
  return [id, `${provider}/${id}`].find((name) => isReadAs(name, model)) ?? model;
}

function isReadAs(name: string, { provider, id }: ModelChoice): boolean {
  if (id.trim() === "") return false;
  const read = modelChoice(name);
  return read.provider === provider && read.id === id;
}

function printInput({ input }: VersionText): Fields | undefined {
  const { type, properties, ...rest } = input;
  const isEmpty =
    type === "object" &&
    typeof properties === "object" &&
    properties !== null &&
    Object.keys({ ...properties, ...rest }).length === 0;
  return isEmpty ? undefined : { schema: printFileSchema(input) };
}

function printOutput({ output }: VersionText): Fields | undefined {
  if (output === undefined) return undefined;
  return Object.keys(output).length === 0
    ? { format: "json" }
    : { format: "json", schema: printFileSchema(output) };
}

function printYaml(front: Fields): string {
  const document = new Document(front, { version: "1.2", schema: "core", aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === "string") styleText(node as Scalar<string>);
    },
    Pair: (_, { key }) => {
      // Plain, it would be a merge key to some readers.
      if (isScalar(key) && key.value === "<<") key.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY });
}

/** Several lines stand as they are where that keeps every character, all else that is odd stands in quotes. */
function styleText(node: Scalar<string>): void {
  const { value } = node;
  const isOdd = /[^\P{C}\n]|[\u2028\u2029]/u.test(value);
  const isBlock = !isOdd && value.includes("\n") && /^\S/.test(value) && !/[ \t]\n|[ \t]$|\n\n$/.test(value);
  if (isBlock) node.type = Scalar.BLOCK_LITERAL;
  else if (isOdd || value.includes("\n")) node.type = Scalar.QUOTE_DOUBLE;
}
