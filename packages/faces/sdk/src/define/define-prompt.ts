/** `definePrompt`: a prompt declared in the application's code, checked against its schema. */
import {
  type Body,
  bodiesOf,
  bodyMisfits,
  buildText,
  contractVariables,
  HarnessError,
  hashBody,
  hashCaller,
  hashText,
  type JsonSchema,
  modelChoice,
  say,
  templatePartials,
  unusedVariables,
  type VersionText,
} from "@colophon/kernel";
import { type Binder, bareDeclaration, type CapturePolicy, type Declaration } from "@colophon/runtime";
import { contractSchema, outputCheck } from "./contract-schema.ts";
import { checkWithMedia, contractWithMedia, type MediaOptions } from "./media-variables.ts";
import type { Messages } from "./placeholders.ts";
import { type AnyPrompt, defined, type Prompt, type PromptMetadata, promptFrom } from "./prompt.ts";
import type { ModelOption, PromptOptions, Translations, VariablesOf } from "./prompt-options.ts";
import type { StandardSchema } from "./standard-schema.ts";

const KEY = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;

/**
 * Declares a prompt: its text becomes the default that is served when nothing else is. Placeholders
 * are held against the schema by the compiler where the text is a literal, and again here.
 *
 * @throws HarnessError `prompt-invalid`, `template-syntax`, `template-unsupported`, `schema-unsupported`,
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
  defined.add(prompt as AnyPrompt);
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

function declarationOf(options: LooseOptions): {
  readonly declaration: Declaration;
  readonly metadata: PromptMetadata;
} {
  const { key, purpose, owner, risk, tags, evalSet, backup, routes, capture } = options;
  if (typeof key !== "string" || !KEY.test(key)) {
    throw invalid(say`${JSON.stringify(key)} is not a key; use letters, digits, ".", "_", "-" and "/".`);
  }
  const text = textOf(options);
  const variables = contractVariables(text.input).all;
  checkText(key, text, variables);
  const models = {
    backup: [(backup as ModelOption | undefined) ?? []].flat().map((model) => modelChoice(model)),
    routes: Object.fromEntries(
      Object.entries(routes ?? {}).map(([name, model]) => [name, modelChoice(model)]),
    ),
  };
  const called = [text.model, ...models.backup, ...Object.values(models.routes)];
  const providers = [...called.map(({ provider }) => provider), ...(options.providers ?? [])];
  const caller = {
    input: text.input,
    providers: [...new Set(providers)],
    tools: (text.tools ?? []).map(({ name }) => name),
  };
  const declaration: Declaration = {
    ...bareDeclaration(key),
    text,
    hash: hashText(text),
    bodyHash: hashBody(text),
    caller,
    callerHash: hashCaller(caller),
    variables: takesAny(text.input, variables) ? null : new Set(variables),
    checkInput: checkWithMedia((value) => options.input["~standard"].validate(value), options.media ?? {}),
    checkOutput: outputCheck(options.output),
    binders: options.bind ?? {},
    capture: (typeof capture === "string" ? { mode: capture } : (capture ?? null)) as CapturePolicy | null,
    repeatable: options.repeatable,
    ...models,
  };
  // Only what the code says; what it leaves out stays as the registry has it.
  const named = {
    backup: backup === undefined ? undefined : models.backup,
    routes: routes === undefined ? undefined : models.routes,
  };
  return { declaration, metadata: { purpose, owner, risk, tags, evalSet, ...named } };
}

function textOf(options: LooseOptions): VersionText {
  const { key, media = {}, bind = {}, untrusted = [], output, tools } = options;
  const input = contractSchema(options.input, { key, field: "input" });
  return buildText({
    ...options,
    input: contractWithMedia(input, { key, media, bound: Object.keys(bind), untrusted }),
    output: output && contractSchema(output, { key, field: "output" }),
    tools: tools?.map(({ name, description, input }) => ({
      name,
      description,
      input: contractSchema(input, { key, field: `tools.${name}`, plain: true }),
    })),
  });
}

function invalid(sentence: string): HarnessError {
  return new HarnessError("prompt-invalid", sentence);
}

/** Holds a text against its own contract, in both directions. */
function checkText(key: string, text: VersionText, variables: readonly string[]): void {
  const bodies = bodiesOf(text);
  const misfits = bodyMisfits(bodies, text.input).join("; ");
  if (misfits) throw invalid(say`The text of ${key} does not fit its input: ${misfits}.`);
  // A partial may read any variable; what nobody reads then shows when the partial is known.
  const isWhole = bodies.every((body) => templatePartials(body).length === 0);
  const unused = isWhole && unusedVariables(bodies, text.input).join(", ");
  if (unused) throw invalid(say`${key} requires ${unused}, which no placeholder uses; use or drop it.`);
  const unknown = text.untrusted?.find((name) => !variables.includes(name));
  if (unknown !== undefined) {
    throw invalid(say`${key} marks "${unknown}" as untrusted, which its input does not have.`);
  }
}

/** A schema of an open record names no variables: then any are taken. */
function takesAny({ properties, additionalProperties: open }: JsonSchema, named: readonly string[]): boolean {
  if (typeof open === "object" && open !== null && Object.keys(open).length > 0) return true;
  return named.length === 0 && properties === undefined;
}
