/** What `record` hands to the application's own call: messages, and the exact arguments of its client. */
import type { JsonSchema, Message, ModelChoice, ToolChoice, VersionText } from "@colophon/kernel";

export interface OpenAiMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface OpenAiTool {
  type: "function";
  function: { name: string; description?: string; parameters: { [key: string]: unknown } };
}

/** The arguments of `chat.completions.create`; the version's parameters are in it as the provider names them. */
export interface OpenAiChatArguments {
  model: string;
  messages: { role: "system" | "user" | "assistant"; content: string }[];
  tools?: OpenAiTool[];
  tool_choice?: "auto" | "none" | "required" | { type: "function"; function: { name: string } };
  response_format?: {
    type: "json_schema";
    json_schema: { name: string; schema: { [key: string]: unknown }; strict: boolean };
  };
  temperature?: number;
  top_p?: number;
  max_completion_tokens?: number;
  seed?: number;
}

interface PreparedParts {
  readonly messages: readonly Message[];
  readonly model: ModelChoice;
  readonly text: VersionText;
  readonly version: number | null;
  readonly hash: string;
  readonly locale: string | null;
}

/** A rendered prompt, neutral and in the words of a client. */
export class PreparedPrompt {
  readonly messages: readonly Message[];
  readonly model: ModelChoice;
  readonly version: number | null;
  readonly hash: string;
  /** The locale of the text that was chosen; null where the text names none. */
  readonly locale: string | null;
  readonly #text: VersionText;

  constructor(parts: PreparedParts) {
    this.messages = parts.messages;
    this.model = parts.model;
    this.version = parts.version;
    this.hash = parts.hash;
    this.locale = parts.locale;
    this.#text = parts.text;
  }

  /** The text of a body that is one single message; the contents with blank lines between otherwise. */
  get text(): string {
    const { messages } = this;
    if (messages.length === 1) return (messages[0] as Message).content;
    return messages.map((message) => message.content).join("\n\n");
  }

  /** The arguments of the official `openai` client's `chat.completions.create`. */
  openai(): OpenAiChatArguments {
    return openaiChat({ messages: this.messages, model: this.model, text: this.#text });
  }
}

function openaiChat({
  messages,
  model,
  text,
}: Pick<PreparedParts, "messages" | "model" | "text">): OpenAiChatArguments {
  const call: OpenAiChatArguments = {
    ...model.parameters,
    model: model.id,
    messages: messages.map(({ role, content }) => ({ role, content })),
  };
  if (text.tools !== undefined && text.tools.length > 0) {
    call.tools = text.tools.map(({ name, description, input }) => ({
      type: "function",
      function: {
        name,
        ...(description === undefined ? {} : { description }),
        parameters: copySchema(input),
      },
    }));
  }
  if (text.toolChoice !== undefined) call.tool_choice = openaiToolChoice(text.toolChoice);
  if (text.output !== undefined) {
    call.response_format = {
      type: "json_schema",
      // Strict mode accepts only a part of JSON Schema; the contract is checked on our side anyway.
      json_schema: { name: "answer", schema: copySchema(text.output), strict: false },
    };
  }
  return call;
}

function openaiToolChoice(choice: ToolChoice): NonNullable<OpenAiChatArguments["tool_choice"]> {
  return typeof choice === "string" ? choice : { type: "function", function: { name: choice.tool } };
}

/** A copy, since clients may write into what they are given. */
function copySchema(schema: JsonSchema): { [key: string]: unknown } {
  return structuredClone(schema) as { [key: string]: unknown };
}
