/** Builds the text of a version from what code or a file says, in the one form that hashes are taken over. */
import { HarnessError } from "./errors.ts";
import type { JsonSchema } from "./json-schema.ts";
import { type ModelChoice, modelChoice } from "./model-choice.ts";
import { normalizeSchema } from "./normalize-schema.ts";
import { filled, saidFields } from "./said-fields.ts";
import { say, words } from "./say.ts";
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
  const { output, tools = [], toolChoice, untrusted = [], cache = [], defaultLocale } = parts;
  const { locales = {}, partialHashes = {}, input = { type: "object", properties: {} } } = parts;
  const bodies = Object.entries(locales).map(([locale, body]) => [locale, normalizeBody(body)]);
  return saidFields({
    body: normalizeBody(onlyBody(parts)),
    locales: filled(Object.fromEntries(bodies)),
    defaultLocale,
    model: modelChoice(parts.model, parts.parameters),
    tools: filled(
      tools.map(({ name, description, input }) =>
        saidFields({ name, description, input: normalizeSchema(input) }),
      ),
    ),
    toolChoice,
    input: normalizeSchema(input),
    untrusted: filled([...new Set(untrusted)].sort()),
    output: output && normalizeSchema(output),
    // The system part comes before every message.
    cache: filled([...new Set(cache)].sort((a, b) => (a === "system" ? -1 : a) - (b === "system" ? -1 : b))),
    partials: filled({ ...partialHashes }),
  }) as VersionText;
}

function onlyBody({ body, messages }: TextParts): Body {
  const given = body ?? messages;
  if (given !== undefined && (body === undefined || messages === undefined)) return given;
  throw invalid(
    words(() =>
      given === undefined
        ? "A prompt has no text: give it a body, or a list of messages."
        : "A prompt has body and messages at once: keep one of the two.",
    ),
  );
}

function invalid(sentence: string): HarnessError {
  return new HarnessError("prompt-invalid", sentence);
}

/** Git may hand out a file with other line ends; that is not another prompt. */
function normalizeBody(body: Body): Body {
  if (typeof body === "string") return body.replaceAll("\r\n", "\n");
  if (!Array.isArray(body)) {
    throw invalid(words(() => `A body is ${typeof body}: give a text or a list of messages.`));
  }
  return body.map((part: ChatPart) => {
    if (part === "history") return part;
    if (typeof part?.content !== "string") {
      throw invalid(say`A message has no text: give each a role and a content.`);
    }
    return { role: part.role, content: normalizeBody(part.content) as string };
  });
}
