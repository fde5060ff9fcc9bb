/** Reads Google's contents into neutral messages: texts, media, function calls and their responses. */

import type { MindMessage, ToolCall } from "../../mind/mind-request.ts";
import { absent, asArray, asObject, isObject, type JsonObject, textOr } from "../json-object.ts";
import { found, type Read, refuse } from "../wire-format.ts";

/** Calls without an id get one by their order, and responses find theirs by name. */
interface CallNaming {
  readonly open: { readonly id: string; readonly name: string }[];
  count: number;
}

function readCall(part: JsonObject, naming: CallNaming): ToolCall {
  const { id, name, args } = asObject(part.functionCall);
  naming.count += 1;
  const call = { id: textOr(id, `call_${naming.count}`), name: textOr(name, "") };
  naming.open.push(call);
  return { ...call, arguments: JSON.stringify(args ?? {}) };
}

function readResponse(part: JsonObject, naming: CallNaming): MindMessage {
  const { id, name, response } = asObject(part.functionResponse);
  const index = naming.open.findIndex((call) =>
    typeof id === "string" ? call.id === id : call.name === name,
  );
  const [call] = index < 0 ? [] : naming.open.splice(index, 1);
  const { content } = asObject(response);
  const text = typeof content === "string" ? content : JSON.stringify(content ?? response ?? {});
  return { role: "tool", text, resultOf: call?.id ?? textOr(id, "") };
}

function isReadable(part: JsonObject): boolean {
  const held = [part.functionCall, part.functionResponse, part.inlineData, part.fileData];
  return typeof part.text === "string" || held.some(isObject);
}

function readTurn(
  role: "user" | "assistant",
  parts: readonly JsonObject[],
  naming: CallNaming,
): readonly MindMessage[] {
  const calls = parts.filter((part) => isObject(part.functionCall)).map((part) => readCall(part, naming));
  const results = parts
    .filter((part) => isObject(part.functionResponse))
    .map((part) => readResponse(part, naming));
  // What the model thought is not part of what was said.
  const said = parts.filter((part) => typeof part.text === "string" && part.thought !== true);
  const media = parts.filter((part) => isObject(part.inlineData) || isObject(part.fileData)).length;
  if (said.length + calls.length + media === 0) return results;
  const own: MindMessage = {
    role,
    text: said.map((part) => String(part.text)).join("\n"),
    ...(calls.length > 0 && { toolCalls: calls }),
    ...(media > 0 && { media }),
  };
  return [...results, own];
}

/** The turns of `contents`, a text alone being one of the user's. */
export function readContents(value: unknown): Read<readonly MindMessage[]> {
  if (typeof value === "string") return found([{ role: "user", text: value }]);
  const contents = isObject(value) ? [value] : asArray(value);
  if (contents.length === 0) return refuse("contents is not specified", "contents");
  const naming: CallNaming = { open: [], count: 0 };
  const messages: MindMessage[] = [];
  for (const [index, each] of contents.entries()) {
    const { role, parts } = asObject(each);
    if (!absent(role) && role !== "user" && role !== "model" && role !== "function")
      return refuse(`Please use a valid role: user, model. (contents[${index}])`, "contents");
    const held = asArray(parts).map(asObject);
    if (held.length === 0 || !held.every(isReadable))
      return refuse(`contents[${index}].parts: expected text, data, function calls or responses`, "contents");
    messages.push(...readTurn(role === "model" ? "assistant" : "user", held, naming));
  }
  return found(messages);
}

export function readSystem(value: unknown): readonly MindMessage[] {
  if (absent(value)) return [];
  const parts = asArray(asObject(value).parts).map((part) => textOr(asObject(part).text, ""));
  return [{ role: "system", text: typeof value === "string" ? value : parts.join("\n") }];
}
