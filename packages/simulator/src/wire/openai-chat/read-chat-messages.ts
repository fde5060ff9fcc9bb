/** Reads the messages of a chat completion request: texts, media, tool calls and their results. */

import type { MindMessage, Role, ToolCall } from "../../mind/mind-request.ts";
import { absent, asArray, asObject, isObject, type JsonObject, textOr } from "../json-object.ts";
import { found, type Read, refuse } from "../wire-format.ts";

const ROLES: Readonly<Record<string, Role>> = {
  system: "system",
  developer: "system",
  user: "user",
  assistant: "assistant",
  tool: "tool",
  function: "tool",
};
const MEDIA = ["image_url", "input_audio", "file"];

interface Content {
  readonly text: string;
  readonly media: number;
}

function readContent(content: unknown, param: string): Read<Content> {
  if (typeof content === "string") return found({ text: content, media: 0 });
  if (absent(content)) return found({ text: "", media: 0 });
  if (!Array.isArray(content))
    return refuse(
      `Invalid type for '${param}': expected a string or an array of parts.`,
      param,
      "invalid_type",
    );
  const texts: string[] = [];
  let media = 0;
  for (const [index, each] of content.entries()) {
    const part = asObject(each);
    const text = part.type === "refusal" ? part.refusal : part.text;
    if (typeof text === "string") texts.push(text);
    else if (MEDIA.includes(String(part.type)) && isObject(part[String(part.type)])) media += 1;
    else
      return refuse(
        `Invalid value for '${param}[${index}]': expected text, image_url, input_audio or file.`,
        `${param}[${index}]`,
      );
  }
  return found({ text: texts.join("\n"), media });
}

function readCalls(value: unknown): readonly ToolCall[] {
  return asArray(value).map((each) => {
    const { id, function: called } = asObject(each);
    const { name, arguments: given } = asObject(called);
    return { id: textOr(id, ""), name: textOr(name, ""), arguments: textOr(given, "{}") };
  });
}

function readMessage(each: JsonObject, param: string): Read<MindMessage> {
  const role = ROLES[String(each.role)];
  if (role === undefined)
    return refuse(
      `Invalid value for '${param}.role': '${String(each.role)}'. Supported values are: ${Object.keys(ROLES).join(", ")}.`,
      `${param}.role`,
    );
  if (absent(each.content) && role !== "assistant")
    return refuse(`Invalid value for '${param}.content': expected a string, got null.`, `${param}.content`);
  if (each.role === "tool" && typeof each.tool_call_id !== "string")
    return refuse(
      `Missing required parameter: '${param}.tool_call_id'.`,
      `${param}.tool_call_id`,
      "missing_required_parameter",
    );
  const content = readContent(each.content, `${param}.content`);
  if (!content.ok) return content;
  const { text, media } = content.value;
  const toolCalls = readCalls(each.tool_calls);
  return found({
    role,
    text,
    ...(toolCalls.length > 0 && { toolCalls }),
    ...(typeof each.tool_call_id === "string" && { resultOf: each.tool_call_id }),
    ...(media > 0 && { media }),
  });
}

/** A result must follow the turn that called for it. */
function findStrayResult(messages: readonly MindMessage[]): number {
  const called = new Set<string>();
  return messages.findIndex(({ toolCalls = [], resultOf }) => {
    for (const call of toolCalls) called.add(call.id);
    return resultOf !== undefined && !called.has(resultOf);
  });
}

export function readChatMessages(value: unknown): Read<readonly MindMessage[]> {
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
    const message = readMessage(each, param);
    if (!message.ok) return message;
    messages.push(message.value);
  }
  const stray = findStrayResult(messages);
  if (stray >= 0)
    return refuse(
      `Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls' (messages[${stray}]).`,
      `messages[${stray}].role`,
      null,
    );
  return found(messages);
}
