/** A version of a prompt as Langfuse's API and its exports have it, held against its form. */

import { isFields } from "../../field-reader.ts";
import { CannotConvert, excerpt } from "../cannot-convert.ts";

export type LangfuseMessage =
  | { readonly kind: "message"; readonly role: string; readonly content: string }
  | { readonly kind: "placeholder"; readonly name: string };

export interface LangfusePrompt {
  readonly name: string;
  readonly version: number;
  readonly prompt: string | readonly LangfuseMessage[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly labels: readonly string[];
  readonly tags: readonly string[];
  readonly commitMessage: string | null;
  readonly createdBy: string | null;
  /** As written there; null where it is not. */
  readonly at: string | null;
  /** Whether references were put in already by a server that cannot leave them. */
  readonly isResolved: boolean;
  /** Sentences on what its messages say beside role and content. */
  readonly left: readonly string[];
}

/** What remarks call it. */
export function langfuseName({ name, version }: Pick<LangfusePrompt, "name" | "version">): string {
  return `${name} v${version}`;
}

/** @throws CannotConvert for what is no version of a prompt. */
export function readLangfusePrompt(value: unknown): LangfusePrompt {
  if (!isFields(value))
    throw new CannotConvert("it is no prompt: an object with name, version and prompt is.");
  const { name, version, config, commitMessage, createdBy, updatedAt, createdAt, resolutionGraph } = value;
  if (typeof name !== "string" || name.trim() === "") throw new CannotConvert("it has no name.");
  if (typeof version !== "number" || !Number.isSafeInteger(version) || version < 1) {
    const said = version === undefined ? "missing" : excerpt(JSON.stringify(version));
    throw new CannotConvert(`its version is ${said}: it must be a whole number from 1.`);
  }
  if (config !== undefined && config !== null && !isFields(config)) {
    throw new CannotConvert("its config is no object.");
  }
  const prompt = readContent(value.prompt);
  return {
    name,
    version,
    prompt,
    config: isFields(config) ? config : {},
    labels: textsOf(value.labels),
    tags: textsOf(value.tags),
    commitMessage: textOf(commitMessage),
    createdBy: textOf(createdBy),
    at: textOf(updatedAt) ?? textOf(createdAt),
    left: Array.isArray(value.prompt) ? value.prompt.flatMap(leftOf) : [],
    isResolved: isFields(resolutionGraph) && !JSON.stringify(prompt).includes("@@@langfusePrompt:"),
  };
}

function readContent(prompt: unknown): LangfusePrompt["prompt"] {
  if (typeof prompt === "string") return prompt;
  if (!Array.isArray(prompt)) throw new CannotConvert("its prompt is neither a text nor a list of messages.");
  return prompt.map(readMessage);
}

function readMessage(message: unknown, index: number): LangfuseMessage {
  const nth = `message ${index + 1}`;
  if (!isFields(message)) throw new CannotConvert(`${nth} is no object with role and content.`);
  const { type, name, role, content } = message;
  if (type === "placeholder") {
    if (typeof name !== "string") throw new CannotConvert(`${nth} is a placeholder without a name.`);
    return { kind: "placeholder", name };
  }
  if (typeof role !== "string") throw new CannotConvert(`${nth} has no role.`);
  if (typeof content !== "string") {
    throw new CannotConvert(
      `${nth} has a content that is no text; write it as a text, and media as variables.`,
    );
  }
  return { kind: "message", role, content };
}

const MESSAGE_FIELDS: readonly string[] = ["type", "role", "content", "name"];

function leftOf(message: unknown, index: number): readonly string[] {
  if (!isFields(message)) return [];
  const names = Object.keys(message).filter(
    (name) => !MESSAGE_FIELDS.includes(name) || (name === "name" && message.type !== "placeholder"),
  );
  return names.length === 0
    ? []
    : [`of message ${index + 1}, ${names.join(", ")} is left out: a message has a role and words.`];
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}
