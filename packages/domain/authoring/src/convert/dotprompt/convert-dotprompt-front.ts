/** Converts the front matter of a Dotprompt file into fields that the strict reader takes. */
import { type Fields, isFields } from "../../field-reader.ts";
import { keyOfPath } from "../../prompt-file/prompt-file-path.ts";
import { OURS } from "../../prompt-file/read-front-fields.ts";
import { CannotConvert } from "../cannot-convert.ts";
import type { ConvertingFile, DotpromptFile } from "./convert-dotprompt-file.ts";

export interface ConvertedFront {
  readonly fields: Fields;
  /** What `input.default` says, by variable. */
  readonly defaults: Fields;
}

/** Facts that have the same meaning in a free `metadata`. */
const FACTS = ["owner", "risk", "tags"] as const;

export function convertDotpromptFront(
  front: Fields,
  { file, converting }: { readonly file: DotpromptFile; readonly converting: ConvertingFile },
): ConvertedFront {
  const { remarks, model } = converting;
  const { variant, version, metadata, ext, raw: _, ...rest } = front;
  const fields: Record<string, unknown> = { ...rest };
  const say = (sentence: string): void => remarks.changed(file.name, sentence);
  const leave = (sentence: string): void => remarks.leave(file.name, sentence);
  if (version !== undefined) say("its version was taken out: the registry numbers versions.");
  if (variant !== undefined) {
    const name = typeof front.name === "string" ? front.name : keyOfPath(file.path);
    const key = name.endsWith(`.${String(variant)}`) ? name : `${name}.${String(variant)}`;
    if (key !== keyOfPath(file.path)) fields.name = key;
    say(`its variant ${String(variant)} is a prompt of its own, ${key}.`);
  }
  if (fields.model === undefined) {
    if (model === null) throw new CannotConvert("it names no model; say which with --model NAME.", 1);
    fields.model = model;
    say(`it names no model: ${model} was taken.`);
  }
  for (const name of Object.keys(rest)) {
    if (!name.includes(".") || name.startsWith(OURS)) continue;
    delete fields[name];
    leave(`${name} is left out: it is a field of another tool.`);
  }
  if (ext !== undefined) leave("ext is left out: it holds fields of another tool.");
  takeFacts(metadata, { fields, say, leave });
  if (isFields(fields.config) && fields.config.version !== undefined) {
    const { version: of, ...config } = fields.config;
    fields.config = config;
    leave(`config.version ${String(of)} is left out: the model's name has its version here.`);
  }
  if (Array.isArray(fields.toolDefs))
    fields.toolDefs = fields.toolDefs.map((tool) => withoutAnswer(tool, say));
  const { defaults, input } = splitDefaults(fields.input);
  if (fields.input !== undefined) fields.input = input;
  return { fields, defaults };
}

interface Taking {
  readonly fields: Record<string, unknown>;
  readonly say: (sentence: string) => void;
  readonly leave: (sentence: string) => void;
}

function takeFacts(metadata: unknown, { fields, say, leave }: Taking): void {
  if (metadata === undefined || metadata === null) return;
  const given = isFields(metadata) ? metadata : {};
  for (const [name, value] of Object.entries(given)) {
    const fact = FACTS.find((known) => known === name);
    if (fact === undefined || fields[OURS + fact] !== undefined) {
      leave(`metadata.${name} is left out: it is no fact that a prompt has here.`);
      continue;
    }
    fields[OURS + fact] = value;
    say(`metadata.${name} is ${OURS}${fact}.`);
  }
}

function withoutAnswer(tool: unknown, say: (sentence: string) => void): unknown {
  if (!isFields(tool) || tool.outputSchema === undefined) return tool;
  const { outputSchema: _, ...rest } = tool;
  say(
    `the outputSchema of the tool ${String(tool.name)} was taken out: no provider is told what a tool answers.`,
  );
  return rest;
}

function splitDefaults(input: unknown): { readonly defaults: Fields; readonly input: unknown } {
  if (!isFields(input) || input.default === undefined) return { defaults: {}, input };
  const { default: defaults, ...rest } = input;
  return isFields(defaults) ? { defaults, input: rest } : { defaults: {}, input };
}
