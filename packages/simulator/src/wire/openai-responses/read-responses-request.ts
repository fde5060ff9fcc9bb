/** Reads the body of POST /v1/responses into a neutral request, or says what is wrong with it. */

import type { MindMessage, RequestedFormat } from "../../mind/mind-request.ts";
import type { SimulatorRequest } from "../../serve/answer-machine.ts";
import { absent, asObject, isObject, isWhole, type JsonObject } from "../json-object.ts";
import { readTools } from "../openai/read-tools.ts";
import { EFFORT_WORDS, readEffort } from "../read-effort.ts";
import { found, type Read, refuse } from "../wire-format.ts";
import type { ConversationStore } from "./conversation-store.ts";
import { readInput } from "./read-input.ts";

export interface ResponsesRequest {
  readonly request: SimulatorRequest;
  readonly stream: boolean;
  /** The body as it came, for the fields that a response repeats. */
  readonly body: JsonObject;
  /** The turns without the instructions, which later responses do not inherit. */
  readonly turns: readonly MindMessage[];
}

function readFormat(body: JsonObject, turns: readonly MindMessage[]): Read<RequestedFormat> {
  const { format } = asObject(body.text);
  const { type, name, schema } = asObject(format);
  if (absent(format) || type === "text") return found({ kind: "text" });
  if (type === "json_object") {
    const texts = [...turns.map(({ text }) => text), String(body.instructions ?? "")];
    if (texts.some((text) => /json/i.test(text))) return found({ kind: "json" });
    return refuse("Response input messages must contain the word 'json' in some form.", "input", null);
  }
  if (type !== "json_schema")
    return refuse(
      `Invalid value: '${String(type)}'. Supported values are: 'text', 'json_object', and 'json_schema'.`,
      "text.format.type",
    );
  if (typeof name !== "string")
    return refuse(
      "Missing required parameter: 'text.format.name'.",
      "text.format.name",
      "missing_required_parameter",
    );
  if (!isObject(schema))
    return refuse(
      "Missing required parameter: 'text.format.schema'.",
      "text.format.schema",
      "missing_required_parameter",
    );
  return found({ kind: "schema", schema });
}

function findBadParameter(body: JsonObject): ReturnType<typeof refuse> | undefined {
  const { temperature, max_output_tokens: most, stream, background, conversation } = body;
  const { effort } = asObject(body.reasoning);
  if (!absent(most) && !isWhole(most, 1))
    return refuse("Invalid 'max_output_tokens': expected a whole number of 1 or more.", "max_output_tokens");
  if (!absent(temperature) && !(typeof temperature === "number" && temperature >= 0 && temperature <= 2))
    return refuse("Invalid 'temperature': expected a number from 0 to 2.", "temperature");
  if (!absent(stream) && typeof stream !== "boolean")
    return refuse("Invalid type for 'stream': expected a boolean.", "stream", "invalid_type");
  if (background === true)
    return refuse("This simulator does not answer in the background.", "background", "unsupported_value");
  if (!absent(conversation))
    return refuse(
      "This simulator keeps no conversations; use 'previous_response_id'.",
      "conversation",
      "unsupported_value",
    );
  if (!absent(body.prompt))
    return refuse("This simulator stores no prompts; send 'input'.", "prompt", "unsupported_value");
  if (!absent(effort) && readEffort(effort) === undefined)
    return refuse(
      `Invalid value: '${String(effort)}'. Supported values are: ${EFFORT_WORDS.join(", ")}.`,
      "reasoning.effort",
    );
  return undefined;
}

function turnsBefore(body: JsonObject, store: ConversationStore): Read<readonly MindMessage[]> {
  const { previous_response_id: id } = body;
  if (absent(id)) return found([]);
  const previous = store.find(String(id));
  if (previous !== undefined) return found(previous.messages);
  const message = `Previous response with id '${String(id)}' not found.`;
  return refuse(message, "previous_response_id", "previous_response_not_found");
}

/** Reads and checks the body of a responses request. */
export function readResponsesRequest(body: unknown, store: ConversationStore): Read<ResponsesRequest> {
  if (!isObject(body))
    return refuse("We could not parse the JSON body of your request: expected a JSON object.", null, null);
  if (typeof body.model !== "string" || body.model === "")
    return refuse("Missing required parameter: 'model'.", "model", "missing_required_parameter");
  const wrong = findBadParameter(body);
  if (wrong !== undefined) return wrong;
  const before = turnsBefore(body, store);
  if (!before.ok) return before;
  const turns = readInput(body.input, before.value, store);
  if (!turns.ok) return turns;
  const tools = readTools(body);
  if (!tools.ok) return tools;
  const format = readFormat(body, turns.value);
  if (!format.ok) return format;
  const { instructions, temperature, max_output_tokens: maxTokens } = body;
  const effort = readEffort(asObject(body.reasoning).effort);
  const system: readonly MindMessage[] =
    typeof instructions === "string" ? [{ role: "system", text: instructions }] : [];
  return found({
    request: {
      model: body.model,
      messages: [...system, ...turns.value],
      format: format.value,
      ...(typeof temperature === "number" && { temperature }),
      ...(effort !== undefined && { effort }),
      ...(typeof maxTokens === "number" && { maxTokens }),
      ...tools.value,
    },
    stream: body.stream === true,
    body,
    turns: turns.value,
  });
}
