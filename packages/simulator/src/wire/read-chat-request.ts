/** Reads the body of POST /v1/chat/completions into a neutral request, or says what is wrong with it. */

import {
  EFFORTS,
  type MindMessage,
  type RequestedFormat,
  type Role,
  type SchemaNode,
} from "../mind/mind-request.ts";
import type { SimulatorRequest } from "../serve/answer-machine.ts";
import { badRequest, type WireError } from "./wire-error.ts";

export interface ChatRequest {
  readonly request: SimulatorRequest;
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: WireError };

type Body = Readonly<Record<string, unknown>>;

const ROLES: Readonly<Record<string, Role>> = {
  system: "system",
  developer: "system",
  user: "user",
  assistant: "assistant",
  tool: "tool",
  function: "tool",
};

const refuse = (message: string, param: string | null, code?: string): { ok: false; error: WireError } => ({
  ok: false,
  error: badRequest(message, param, code),
});

function isObject(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function absent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function readContent(content: unknown, param: string): Read<string> {
  if (typeof content === "string") return { ok: true, value: content };
  if (absent(content)) return { ok: true, value: "" };
  if (!Array.isArray(content))
    return refuse(
      `Invalid type for '${param}': expected a string or an array of parts.`,
      param,
      "invalid_type",
    );
  const texts: string[] = [];
  for (const part of content) {
    const text = isObject(part) ? (part.type === "refusal" ? part.refusal : part.text) : undefined;
    if (typeof text !== "string")
      return refuse(
        `A part of '${param}' is not text; this simulator reads text only.`,
        param,
        "unsupported_value",
      );
    texts.push(text);
  }
  return { ok: true, value: texts.join("\n") };
}

function readMessages(value: unknown): Read<readonly MindMessage[]> {
  if (absent(value))
    return refuse("Missing required parameter: 'messages'.", "messages", "missing_required_parameter");
  if (!Array.isArray(value))
    return refuse("Invalid type for 'messages': expected an array of objects.", "messages", "invalid_type");
  if (value.length === 0)
    return refuse(
      "Invalid 'messages': empty array. Expected an array with minimum length 1.",
      "messages",
      "empty_array",
    );
  const messages: MindMessage[] = [];
  for (const [index, each] of value.entries()) {
    const param = `messages[${index}]`;
    if (!isObject(each))
      return refuse(`Invalid type for '${param}': expected an object.`, param, "invalid_type");
    const role = ROLES[String(each.role)];
    if (role === undefined)
      return refuse(
        `Invalid value for '${param}.role': '${String(each.role)}'. Supported values are: ${Object.keys(ROLES).join(", ")}.`,
        `${param}.role`,
      );
    if (absent(each.content) && role !== "assistant")
      return refuse(`Invalid value for '${param}.content': expected a string, got null.`, `${param}.content`);
    const text = readContent(each.content, `${param}.content`);
    if (!text.ok) return text;
    messages.push({ role, text: text.value });
  }
  return { ok: true, value: messages };
}

function readFormat(value: unknown, messages: readonly MindMessage[]): Read<RequestedFormat> {
  if (absent(value)) return { ok: true, value: { kind: "text" } };
  const type = isObject(value) ? value.type : undefined;
  if (!isObject(value) || typeof type !== "string")
    return refuse(
      "Missing required parameter: 'response_format.type'.",
      "response_format.type",
      "missing_required_parameter",
    );
  if (type === "text") return { ok: true, value: { kind: "text" } };
  if (type === "json_object") {
    if (messages.some((message) => /json/i.test(message.text))) return { ok: true, value: { kind: "json" } };
    return refuse(
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      "messages",
      undefined,
    );
  }
  if (type !== "json_schema")
    return refuse(
      `Invalid value for 'response_format.type': '${type}'. Supported values are: text, json_object, json_schema.`,
      "response_format.type",
    );
  const named = value.json_schema;
  if (!isObject(named) || typeof named.name !== "string")
    return refuse(
      "Missing required parameter: 'response_format.json_schema.name'.",
      "response_format.json_schema.name",
      "missing_required_parameter",
    );
  if (!isObject(named.schema))
    return refuse(
      "Missing required parameter: 'response_format.json_schema.schema'.",
      "response_format.json_schema.schema",
      "missing_required_parameter",
    );
  const schema: SchemaNode = named.schema;
  return { ok: true, value: { kind: "schema", schema } };
}

/** What a real model offers and this one does not is refused, never silently ignored. */
function findUnsupported(body: Body): WireError | undefined {
  const unsupported = (param: string, why: string): WireError =>
    badRequest(`Unsupported value for '${param}': ${why}`, param, "unsupported_value");
  if (!absent(body.n) && body.n !== 1)
    return unsupported("n", "this simulator gives one choice; send the request again for another.");
  if (body.logprobs === true) return unsupported("logprobs", "this simulator has no token probabilities.");
  if (
    !absent(body.audio) ||
    (Array.isArray(body.modalities) && body.modalities.some((each) => each !== "text"))
  ) {
    return unsupported("modalities", "this simulator writes text only.");
  }
  if (body.tool_choice === "required" || isObject(body.tool_choice)) {
    return unsupported("tool_choice", "this simulator never calls tools; 'auto' and 'none' are understood.");
  }
  return undefined;
}

function findBadNumber(body: Body): WireError | undefined {
  for (const param of ["max_tokens", "max_completion_tokens"]) {
    const value = body[param];
    if (!absent(value) && !(Number.isSafeInteger(value) && Number(value) >= 1))
      return badRequest(`Invalid '${param}': expected a whole number of 1 or more.`, param);
  }
  const { temperature, seed, stop } = body;
  if (!absent(temperature) && !(typeof temperature === "number" && temperature >= 0 && temperature <= 2)) {
    return badRequest("Invalid 'temperature': expected a number from 0 to 2.", "temperature");
  }
  if (!absent(seed) && !Number.isSafeInteger(seed))
    return badRequest("Invalid 'seed': expected a whole number.", "seed");
  const stops = Array.isArray(stop) ? stop : absent(stop) ? [] : [stop];
  if (stops.length > 4 || stops.some((each) => typeof each !== "string" || each === "")) {
    return badRequest("Invalid 'stop': expected up to 4 strings that are not empty.", "stop");
  }
  if (!absent(body.reasoning_effort) && !EFFORTS.some((effort) => effort === body.reasoning_effort)) {
    return badRequest(
      `Invalid value for 'reasoning_effort': '${String(body.reasoning_effort)}'. Supported values are: ${EFFORTS.join(", ")}.`,
      "reasoning_effort",
    );
  }
  return undefined;
}

function findBadStream(body: Body): WireError | undefined {
  if (!absent(body.stream) && typeof body.stream !== "boolean")
    return badRequest("Invalid type for 'stream': expected a boolean.", "stream", "invalid_type");
  if (!absent(body.stream_options) && body.stream !== true) {
    return badRequest(
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      "stream_options",
    );
  }
  return undefined;
}

function optionalParameters(
  body: Body,
): Pick<SimulatorRequest, "temperature" | "effort" | "maxTokens" | "stop" | "seed"> {
  const { temperature, seed, stop } = body;
  const effort = EFFORTS.find((each) => each === body.reasoning_effort);
  const maxTokens = body.max_completion_tokens ?? body.max_tokens;
  const stops: unknown[] = Array.isArray(stop) ? stop : [stop];
  return {
    ...(typeof temperature === "number" && { temperature }),
    ...(effort !== undefined && { effort }),
    ...(typeof maxTokens === "number" && { maxTokens }),
    ...(!absent(stop) && { stop: stops.map(String) }),
    ...(typeof seed === "number" && { seed }),
  };
}

/** Reads and checks the body of a chat completion request. */
export function readChatRequest(body: unknown): Read<ChatRequest> {
  if (!isObject(body))
    return refuse(
      "We could not parse the JSON body of your request: expected a JSON object.",
      null,
      undefined,
    );
  if (typeof body.model !== "string" || body.model === "")
    return refuse("You must provide a model parameter.", "model", "missing_required_parameter");
  const messages = readMessages(body.messages);
  if (!messages.ok) return messages;
  const wrong = findUnsupported(body) ?? findBadNumber(body) ?? findBadStream(body);
  if (wrong !== undefined) return { ok: false, error: wrong };
  const format = readFormat(body.response_format, messages.value);
  if (!format.ok) return format;
  const options = isObject(body.stream_options) ? body.stream_options : {};
  return {
    ok: true,
    value: {
      request: {
        model: body.model,
        messages: messages.value,
        format: format.value,
        ...optionalParameters(body),
      },
      stream: body.stream === true,
      includeUsage: options.include_usage === true,
    },
  };
}
