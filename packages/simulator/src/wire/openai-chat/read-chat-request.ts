/** Reads the body of POST /v1/chat/completions into a neutral request, or says what is wrong with it. */

import type { MindMessage, RequestedFormat } from "../../mind/mind-request.ts";
import type { SimulatorRequest } from "../../serve/answer-machine.ts";
import { absent, isObject, isWhole, type JsonObject } from "../json-object.ts";
import { readTools } from "../openai/read-tools.ts";
import { EFFORT_WORDS, readEffort } from "../read-effort.ts";
import { found, type Read, refuse } from "../wire-format.ts";
import { readChatMessages } from "./read-chat-messages.ts";

export interface ChatRequest {
  readonly request: SimulatorRequest;
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

type Refusal = ReturnType<typeof refuse>;

function readFormat(value: unknown, messages: readonly MindMessage[]): Read<RequestedFormat> {
  if (absent(value)) return found({ kind: "text" });
  const type = isObject(value) ? value.type : undefined;
  if (!isObject(value) || typeof type !== "string")
    return refuse(
      "Missing required parameter: 'response_format.type'.",
      "response_format.type",
      "missing_required_parameter",
    );
  if (type === "text") return found({ kind: "text" });
  if (type === "json_object") {
    if (messages.some((message) => /json/i.test(message.text))) return found({ kind: "json" });
    return refuse(
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      "messages",
      null,
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
  return found({ kind: "schema", schema: named.schema });
}

/** What a real model offers and this one does not is refused, never silently ignored. */
function findUnsupported(body: JsonObject): Refusal | undefined {
  const unsupported = (param: string, why: string): Refusal =>
    refuse(`Unsupported value for '${param}': ${why}`, param, "unsupported_value");
  if (body.logprobs === true) return unsupported("logprobs", "this simulator has no token probabilities.");
  if (
    !absent(body.audio) ||
    (Array.isArray(body.modalities) && body.modalities.some((each) => each !== "text"))
  ) {
    return unsupported("modalities", "this simulator writes text only.");
  }
  if (!absent(body.functions)) return unsupported("functions", "this simulator knows 'tools' only.");
  if (!absent(body.web_search_options))
    return unsupported("web_search_options", "this simulator does not search.");
  return undefined;
}

const MAX_CHOICES = 128;

function findBadNumber(body: JsonObject): Refusal | undefined {
  for (const param of ["max_tokens", "max_completion_tokens"]) {
    if (!absent(body[param]) && !isWhole(body[param], 1))
      return refuse(`Invalid '${param}': expected a whole number of 1 or more.`, param);
  }
  const { temperature, seed, stop, n } = body;
  if (!absent(n) && !(isWhole(n, 1) && n <= MAX_CHOICES))
    return refuse(`Invalid 'n': expected a whole number from 1 to ${MAX_CHOICES}.`, "n");
  if (!absent(temperature) && !(typeof temperature === "number" && temperature >= 0 && temperature <= 2))
    return refuse("Invalid 'temperature': expected a number from 0 to 2.", "temperature");
  if (!absent(seed) && !Number.isSafeInteger(seed))
    return refuse("Invalid 'seed': expected a whole number.", "seed");
  const stops = Array.isArray(stop) ? stop : absent(stop) ? [] : [stop];
  if (stops.length > 4 || stops.some((each) => typeof each !== "string" || each === ""))
    return refuse("Invalid 'stop': expected up to 4 strings that are not empty.", "stop");
  if (!absent(body.reasoning_effort) && readEffort(body.reasoning_effort) === undefined)
    return refuse(
      `Invalid value for 'reasoning_effort': '${String(body.reasoning_effort)}'. Supported values are: ${EFFORT_WORDS.join(", ")}.`,
      "reasoning_effort",
    );
  return undefined;
}

function findBadStream(body: JsonObject): Refusal | undefined {
  if (!absent(body.stream) && typeof body.stream !== "boolean")
    return refuse("Invalid type for 'stream': expected a boolean.", "stream", "invalid_type");
  if (!absent(body.stream_options) && body.stream !== true)
    return refuse(
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      "stream_options",
    );
  return undefined;
}

function optionalParameters(
  body: JsonObject,
): Pick<SimulatorRequest, "temperature" | "effort" | "maxTokens" | "stop" | "seed" | "choices"> {
  const { temperature, seed, stop, n } = body;
  const effort = readEffort(body.reasoning_effort);
  const maxTokens = body.max_completion_tokens ?? body.max_tokens;
  const stops: unknown[] = Array.isArray(stop) ? stop : [stop];
  return {
    ...(typeof temperature === "number" && { temperature }),
    ...(effort !== undefined && { effort }),
    ...(typeof maxTokens === "number" && { maxTokens }),
    ...(!absent(stop) && { stop: stops.map(String) }),
    ...(typeof seed === "number" && { seed }),
    ...(typeof n === "number" && n > 1 && { choices: n }),
  };
}

/** Reads and checks the body of a chat completion request. */
export function readChatRequest(body: unknown): Read<ChatRequest> {
  if (!isObject(body))
    return refuse("We could not parse the JSON body of your request: expected a JSON object.", null, null);
  if (typeof body.model !== "string" || body.model === "")
    return refuse("You must provide a model parameter.", "model", "missing_required_parameter");
  const messages = readChatMessages(body.messages);
  if (!messages.ok) return messages;
  const wrong = findUnsupported(body) ?? findBadNumber(body) ?? findBadStream(body);
  if (wrong !== undefined) return wrong;
  const tools = readTools(body);
  if (!tools.ok) return tools;
  const format = readFormat(body.response_format, messages.value);
  if (!format.ok) return format;
  const options = isObject(body.stream_options) ? body.stream_options : {};
  return found({
    request: {
      model: body.model,
      messages: messages.value,
      format: format.value,
      ...optionalParameters(body),
      ...tools.value,
    },
    stream: body.stream === true,
    includeUsage: options.include_usage === true,
  });
}
