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
  type MetadataData,
  modelChoice,
  say,
  templatePartials,
  unusedVariables,
  type VersionText,
} from "@colophon/kernel";
import type { Binder, CapturePolicy, Declaration } from "@colophon/runtime";
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
  if (typeof options.key !== "string" || !KEY.test(options.key)) {
    const what = JSON.stringify(options.key);
    throw invalid(say`${what} is not a key; use letters, digits, ".", "_", "-" and "/".`);
  }
  const text = textOf(options);
  checkText(options.key, text);
  const models = modelsOf(options);
  const providers = [text.model, ...models.backup, ...Object.values(models.routes)].map(
    (model) => model.provider,
  );
  const caller = {
    input: text.input,
    providers: [...new Set([...providers, ...(options.providers ?? [])])],
    tools: (text.tools ?? []).map((tool) => tool.name),
  };
  const declaration: Declaration = {
    key: options.key,
    text,
    hash: hashText(text),
    bodyHash: hashBody(text),
    caller,
    callerHash: hashCaller(caller),
    variables: variablesOf(text.input),
    checkInput: checkWithMedia((value) => options.input["~standard"].validate(value), options.media ?? {}),
    checkOutput: outputCheck(options.output),
    binders: options.bind ?? {},
    capture: capturePolicy(options),
    repeatable: options.repeatable,
    ...models,
    pinned: null,
    servables: new Map(),
  };
  return { declaration, metadata: metadataOf(options, models) };
}

function textOf(options: LooseOptions): VersionText {
  const { key, media = {}, bind = {} } = options;
  return buildText({
    ...options,
    input: contractWithMedia(contractSchema(options.input, { key, field: "input" }), {
      key,
      media,
      bound: Object.keys(bind),
      untrusted: options.untrusted ?? [],
    }),
    untrusted: options.untrusted,
    output: options.output && contractSchema(options.output, { key: options.key, field: "output" }),
    tools: options.tools?.map((tool) => ({
      name: tool.name,
      description: tool.description,
      input: contractSchema(tool.input, { key: options.key, field: `tools.${tool.name}`, plain: true }),
    })),
  });
}

function invalid(sentence: string): HarnessError {
  return new HarnessError("prompt-invalid", sentence);
}

/** Holds a text against its own contract, in both directions. */
function checkText(key: string, text: VersionText): void {
  const bodies = bodiesOf(text);
  const misfits = bodyMisfits(bodies, text.input);
  if (misfits.length > 0) {
    throw invalid(say`The text of ${key} does not fit its input: ${misfits.join("; ")}.`);
  }
  // A partial may read any variable; what nobody reads then shows when the partial is known.
  const partials = bodies.some((body) => templatePartials(body).length > 0);
  const unused = partials ? [] : unusedVariables(bodies, text.input);
  if (unused.length > 0) {
    const names = unused.join(", ");
    throw invalid(say`${key} requires ${names}, which no placeholder uses; use or drop it.`);
  }
  const known = contractVariables(text.input).all;
  const unknown = (text.untrusted ?? []).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw invalid(say`${key} marks "${unknown}" as untrusted, which its input does not have.`);
  }
}

function variablesOf(input: JsonSchema): ReadonlySet<string> | null {
  const names = contractVariables(input).all;
  const open = input.additionalProperties;
  // A schema of an open record names no variables: then any are taken.
  if (names.length === 0 && input.properties === undefined) return null;
  return typeof open === "object" && open !== null && Object.keys(open).length > 0 ? null : new Set(names);
}

interface Models {
  readonly backup: MetadataData["backup"];
  readonly routes: MetadataData["routes"];
}

function modelsOf(options: LooseOptions): Models {
  const { backup = [], routes = {} } = options;
  const list: readonly ModelOption[] = Array.isArray(backup) ? backup : [backup as ModelOption];
  return {
    backup: list.map((model) => modelChoice(model)),
    routes: Object.fromEntries(Object.entries(routes).map(([name, model]) => [name, modelChoice(model)])),
  };
}

/** Only what the code says; what it leaves out stays as the registry has it. */
function metadataOf(options: LooseOptions, models: Models): PromptMetadata {
  const { purpose, owner, risk, tags, evalSet } = options;
  return {
    purpose,
    owner,
    risk,
    tags,
    evalSet,
    backup: options.backup === undefined ? undefined : models.backup,
    routes: options.routes === undefined ? undefined : models.routes,
  };
}

function capturePolicy(options: LooseOptions): CapturePolicy | null {
  const { capture } = options;
  if (capture === undefined) return null;
  return typeof capture === "string" ? { mode: capture } : (capture as CapturePolicy);
}
