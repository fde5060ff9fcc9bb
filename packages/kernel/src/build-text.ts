/** Builds the text of a version from what code or a file says, in the one form that hashes are taken over. */
import { invalidPrompt } from "./invalid-prompt.ts";
import type { JsonSchema } from "./json-schema.ts";
import { type ModelChoice, modelChoice } from "./model-choice.ts";
import { normalizeSchema } from "./normalize-schema.ts";
import { filled, mapFields, saidFields, sortedSet } from "./said-fields.ts";
import { words } from "./say.ts";
import type { Body, ChatPart } from "./template/body.ts";
import type { CacheBreakpoint, ToolChoice, ToolDefinition, VersionText } from "./version-text.ts";

/** A model as an author writes it: `gpt-5-mini`, `provider/model`, or with its parts. */
export type ModelInput =
  | string
  | { readonly id: string; readonly provider?: string; readonly parameters?: ModelChoice["parameters"] };

/** What an author gives; either `body` or `messages`. */
export interface TextParts {
  readonly body?: Body;
  readonly messages?: readonly ChatPart[];
  readonly model: ModelInput;
  readonly parameters?: ModelChoice["parameters"];
  /** Absent: the body takes no variables. */
  readonly input?: JsonSchema;
  readonly output?: JsonSchema;
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  readonly untrusted?: readonly string[];
  readonly cache?: readonly CacheBreakpoint[];
  readonly locales?: Readonly<Record<string, Body>>;
  readonly defaultLocale?: string;
  /** Pinned partials, as `name@vN` to the hash of that version. */
  readonly partialHashes?: Readonly<Record<string, string>>;
}

/**
 * The text of a version: line ends are LF, empty lists and `$schema` are left out, sets are sorted,
 * so that the same prompt from code and from a file has the same hash.
 *
 * @throws HarnessError `prompt-invalid` without a body, with two, or without a model.
 */
export function buildText(parts: TextParts): VersionText {
  const { body, messages, defaultLocale, toolChoice, output, tools = [] } = parts;
  if ((body == null) === (messages === undefined)) {
    throw invalidPrompt(
      words(() =>
        body == null
          ? "A prompt has no text: give it a body, or a list of messages."
          : "A prompt has body and messages at once: keep one of the two.",
      ),
    );
  }
  return saidFields({
    body: normalizeBody(body ?? messages),
    locales: filled(mapFields(parts.locales, normalizeBody)),
    defaultLocale,
    model: modelChoice(parts.model, parts.parameters),
    tools: filled(
      tools.map(({ name, description, input }) =>
        saidFields({ name, description, input: normalizeSchema(input) }),
      ),
    ),
    toolChoice,
    input: normalizeSchema(parts.input ?? { type: "object", properties: {} }),
    untrusted: sortedSet(parts.untrusted),
    output: output && normalizeSchema(output),
    // The system part comes before every message.
    cache: sortedSet(parts.cache, (a, b) => (b === "system" || Number(a) > b ? 1 : -1)),
    partials: filled({ ...parts.partialHashes }),
  }) as VersionText;
}

function normalizeBody(body: unknown): Body {
  if (!Array.isArray(body)) return normalizeText(body);
  return body.map((part: ChatPart) => {
    if (part === "history") return part;
    const content = normalizeText(part?.content, true);
    return { role: part.role, content };
  });
}

/** Git may hand out a file with other line ends; that is not another prompt. */
function normalizeText(text: unknown, isMessage?: true): string {
  if (typeof text === "string") return text.replaceAll("\r\n", "\n");
  throw invalidPrompt(
    words(() =>
      isMessage
        ? "A message has no text: give each a role and a content."
        : `A body is ${typeof text}: give a text or a list of messages.`,
    ),
  );
}
