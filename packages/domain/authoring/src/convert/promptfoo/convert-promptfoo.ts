/** Makes prompts of a promptfoo file's: texts and chats in Nunjucks, with the models of its providers. */
import type { Body, ModelChoice } from "@colophon/kernel";
import { isFields } from "../../field-reader.ts";
import { CannotConvert } from "../cannot-convert.ts";
import { chatRole } from "../chat-roles.ts";
import { finishVersion } from "../finish-version.ts";
import type { ImportedVersion, Remarks } from "../imported.ts";
import { inferInput } from "../infer-input.ts";
import { convertJinja } from "../jinja/convert-jinja.ts";
import { slugKey } from "../slug-key.ts";
import { type PromptfooProvider, readPromptfooProvider } from "./promptfoo-provider.ts";

/** A prompt whose file was read. */
export interface PromptfooPrompt {
  /** For people. */
  readonly from: string;
  /** What its key is made of. */
  readonly label: string;
  /** What providers call it beside its label: its id, or its file with and without a folder. */
  readonly names?: readonly string[];
  readonly text: string;
}

export interface PromptfooConfig {
  /** The file's name. */
  readonly from: string;
  readonly prompts: readonly PromptfooPrompt[];
  readonly providers: readonly unknown[];
  /** In place of the providers' first; null takes that. */
  readonly model: string | null;
}

export function convertPromptfoo(config: PromptfooConfig, remarks: Remarks): readonly ImportedVersion[] {
  const providers = readProviders(config, remarks);
  const taken = new Set<string>();
  return config.prompts.flatMap((prompt): readonly ImportedVersion[] => {
    try {
      const key = slugKey(prompt.label, taken);
      const own = providers.filter((provider) => isFor(provider, prompt));
      sayModels(own, { of: providers, from: prompt.from, remarks });
      return [convertPrompt(prompt, { key, providers: own, model: config.model, remarks })];
    } catch (error) {
      if (!(error instanceof CannotConvert)) throw error;
      remarks.leave(prompt.from, error.message, error.line);
      return [];
    }
  });
}

function readProviders({ providers, from }: PromptfooConfig, remarks: Remarks): readonly PromptfooProvider[] {
  const read = providers.flatMap((value): readonly PromptfooProvider[] => {
    try {
      return [readPromptfooProvider(value)];
    } catch (error) {
      if (!(error instanceof CannotConvert)) throw error;
      remarks.leave(from, error.message);
      return [];
    }
  });
  for (const { label, config, left } of read) {
    for (const sentence of config.left) remarks.leave(from, `of the provider ${label}, ${sentence}`);
    if (left.length > 0)
      remarks.leave(from, `of the provider ${label}, ${left.join(", ")} has no counterpart.`);
  }
  if (read.every(({ prompts }) => prompts === null)) sayModels(read, { of: [], from, remarks });
  return read;
}

/** A provider that lists prompts is for those alone. */
function isFor({ prompts }: PromptfooProvider, { label, names = [] }: PromptfooPrompt): boolean {
  return (
    prompts === null ||
    prompts.some((one) => [label, ...names].some((name) => name === one || isBelow(name, one)))
  );
}

/** `group:*`, and a group that a label begins with. */
function isBelow(name: string, listed: string): boolean {
  return name.startsWith(`${listed.replace(/:?\*$/, "")}:`);
}

interface SayingModels {
  /** All there are; where each is for every prompt, it is said once. */
  readonly of: readonly PromptfooProvider[];
  readonly from: string;
  readonly remarks: Remarks;
}

function sayModels(
  [first, ...others]: readonly PromptfooProvider[],
  { of, from, remarks }: SayingModels,
): void {
  if (others.length === 0 || (of.length > 0 && of.every(({ prompts }) => prompts === null))) return;
  const names = others.map(({ label }) => label).join(", ");
  remarks.changed(from, `a prompt has one model: ${first?.label} is it, and ${names} are its routes.`);
}

interface Converting {
  readonly key: string;
  readonly providers: readonly PromptfooProvider[];
  readonly model: string | null;
  readonly remarks: Remarks;
}

function convertPrompt(
  prompt: PromptfooPrompt,
  { key, providers, model, remarks }: Converting,
): ImportedVersion {
  const { from, text } = prompt;
  const [first, ...others] = providers;
  const chosen = first?.model ?? model;
  if (chosen === null)
    throw new CannotConvert("its file names no provider; say which model with --model NAME.");
  const body = bodyOf(text, (sentence, line) => remarks.changed(from, sentence, line));
  const input = inferInput(body);
  const { required = [] } = input as { readonly required?: readonly string[] };
  if (required.length > 0) {
    remarks.changed(from, `its contract was made of what it reads: ${required.join(", ")} must be passed.`);
  }
  const routes = Object.fromEntries(
    others.map(({ label, model: other }): [string, ModelChoice] => [label, other]),
  );
  const config = first?.config;
  const spec = finishVersion({
    key,
    parts: {
      body,
      model: chosen,
      input,
      ...(config !== undefined && config.tools.length > 0 && { tools: config.tools }),
      ...(config?.toolChoice != null && { toolChoice: config.toolChoice }),
      ...(config?.output != null && { output: config.output }),
    },
    metadata: others.length > 0 ? { routes } : {},
  });
  return { from, spec, number: null, author: null, message: null, at: null, labels: [] };
}

type Say = (sentence: string, line: number) => void;

/** A text that is a list in JSON is a chat. */
function bodyOf(text: string, say: Say): Body {
  const convert = (source: string): string => convertJinja(source, { isOptional: () => false, say });
  const messages = chatOf(text);
  if (messages === null) return convert(text);
  return messages.map((message, index) => {
    const where = `message ${index + 1}`;
    if (!isFields(message)) throw new CannotConvert(`${where} is no object with role and content.`);
    const role = chatRole(message.role, where);
    if (typeof message.content !== "string")
      throw new CannotConvert(`${where} has a content that is no text.`);
    return { role, content: convert(message.content) };
  });
}

function chatOf(text: string): readonly unknown[] | null {
  if (!text.trimStart().startsWith("[")) return null;
  try {
    const value = JSON.parse(text) as unknown;
    return Array.isArray(value) && value.length > 0 && value.every((one) => isFields(one) && "role" in one)
      ? value
      : null;
  } catch {
    if (!/^\s*\[\s*\{[\s\S]*"role"/.test(text)) return null;
    throw new CannotConvert(
      "it is a chat in JSON that needs its variables to be JSON; write the messages as plain JSON.",
    );
  }
}
