/** `definePrompt`: a prompt declared in the application's code, checked against its schema. */
import {
  type Body,
  bodiesOf,
  buildText,
  hashBody,
  hashCaller,
  hashText,
  invalidPrompt,
  mapFields,
  modelChoice,
  propertiesOf,
  say,
  templatePartials,
  textMisfits,
  unusedVariables,
  type VersionText,
} from "@colophon/kernel";
import { type Binder, bareDeclaration, type Declaration, type SchemaCheck } from "@colophon/runtime";
import { contractSchema } from "./contract-schema.ts";
import { checkWithMedia, contractWithMedia, type MediaOptions } from "./media-variables.ts";
import type { Messages } from "./placeholders.ts";
import { type AnyPrompt, addDefined, type Declared, type Prompt, promptFrom } from "./prompt.ts";
import type { ModelOption, PromptOptions, Translations, VariablesOf } from "./prompt-options.ts";
import type { StandardSchema } from "./standard-schema.ts";

const KEY = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;

/**
 * Declares a prompt: its text becomes the default that is served when nothing else is. Placeholders
 * are held against the schema by the compiler where the text is a literal, and again here.
 *
 * @throws HarnessError `prompt-invalid`, `template-syntax`, `schema-unsupported`,
 *   or `declaration-conflict` when the key is declared elsewhere with other content.
 * @example
 * import { z } from "zod";
 * import { definePrompt } from "colophon";
 *
 * const triage = definePrompt({
 *   key: "support.triage",
 *   model: "gpt-5-mini",
 *   input: z.object({ ticket: z.string() }),
 *   body: "Is this billing, bug or other?\n{{ticket}}",
 * });
 */
export function definePrompt<
  S extends StandardSchema,
  const B extends string = never,
  const M extends Messages = never,
  const L extends Translations = never,
  N extends string = never,
  const X extends MediaOptions = never,
>(options: PromptOptions<S, B, M, L, N, X>): Prompt<VariablesOf<S, N, X>> {
  const prompt = promptFrom<VariablesOf<S, N, X>>(declarationOf(options as unknown as LooseOptions));
  addDefined(prompt as AnyPrompt);
  return prompt;
}

/** The argument as it is at run time, after the compiler has had its say. */
export type LooseOptions = Omit<PromptOptions, "body" | "messages" | "locales" | "bind" | "untrusted"> & {
  readonly body?: string;
  readonly messages?: Exclude<Body, string>;
  readonly locales?: Readonly<Record<string, Body>>;
  readonly bind?: Readonly<Record<string, Binder>>;
  readonly untrusted?: readonly string[];
};

function declarationOf(options: LooseOptions): Declared {
  const { key } = options;
  if (typeof key !== "string" || !KEY.test(key)) {
    throw invalidPrompt(
      say`${JSON.stringify(key)} is not a key; use letters, digits, ".", "_", "-" and "/".`,
    );
  }
  const text = textOf(options);
  const { input, untrusted = [] } = text;
  const variables = new Set(Object.keys(propertiesOf(input)));
  const backup = [options.backup ?? []].flat().map((model: ModelOption) => modelChoice(model));
  const routes = mapFields(options.routes, (model) => modelChoice(model));
  const called = [text.model, ...backup, ...Object.values(routes)].map(({ provider }) => provider);
  const caller = {
    input,
    providers: [...new Set([...called, ...(options.providers ?? [])])],
    tools: (text.tools ?? []).map(({ name }) => name),
  };
  const misfits = textMisfits(text, caller).join("; ");
  if (misfits) throw invalidPrompt(say`The text of ${key} does not fit its input: ${misfits}.`);
  const unused = neverUsed(text).join(", ");
  if (unused) throw invalidPrompt(say`${key} requires ${unused}, which no placeholder uses; use or drop it.`);
  const unknown = untrusted.find((name) => !variables.has(name));
  if (unknown !== undefined) {
    throw invalidPrompt(say`${key} marks "${unknown}" as untrusted, which its input does not have.`);
  }
  // A schema of an open record names no variables: then any are taken.
  const isOpen = Object.keys(Object(input.additionalProperties)).length > 0;
  return {
    ...bareDeclaration(key),
    text,
    hash: hashText(text),
    bodyHash: hashBody(text),
    caller,
    callerHash: hashCaller(caller),
    variables: isOpen || (variables.size === 0 && input.properties === undefined) ? null : variables,
    checkInput: checkWithMedia(checkOf(options.input), options.media),
    checkOutput: options.output && checkOf(options.output),
    binders: options.bind,
    capture: options.capture as Declaration["capture"],
    repeatable: options.repeatable,
    backup,
    routes,
    facts: { ...options },
  };
}

function checkOf(schema: StandardSchema): SchemaCheck {
  return (value) => schema["~standard"].validate(value);
}

function textOf(options: LooseOptions): VersionText {
  const { key, output, tools } = options;
  return buildText({
    ...options,
    input: contractWithMedia(contractSchema(options.input, `input of ${key}`), options),
    output: output && contractSchema(output, `output of ${key}`),
    tools: tools?.map((tool) => ({
      ...tool,
      input: contractSchema(tool.input, `tools.${tool.name} of ${key}`, "plain"),
    })),
  });
}

/** A partial may read any variable; what nobody reads then shows when the partial is known. */
function neverUsed(text: VersionText): readonly string[] {
  const bodies = bodiesOf(text);
  return bodies.flatMap(templatePartials).length === 0 ? unusedVariables(bodies, text.input) : [];
}
