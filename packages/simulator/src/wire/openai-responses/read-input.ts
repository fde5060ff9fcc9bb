/** Reads the input of a responses request: a text, or items of a conversation. */

import type { MindMessage, Role } from "../../mind/mind-request.ts";
import { asArray, asObject, type JsonObject, textOr } from "../json-object.ts";
import { found, type Read, refuse } from "../wire-format.ts";
import type { ConversationStore } from "./conversation-store.ts";

const ROLES: Readonly<Record<string, Role>> = {
  system: "system",
  developer: "system",
  user: "user",
  assistant: "assistant",
};
const MEDIA = ["input_image", "input_file", "input_audio"];

interface Content {
  readonly text: string;
  readonly media: number;
}

function readContent(content: unknown, param: string): Read<Content> {
  if (typeof content === "string") return found({ text: content, media: 0 });
  const texts: string[] = [];
  let media = 0;
  for (const [index, each] of asArray(content).entries()) {
    const { type, text, refusal } = asObject(each);
    const said = text ?? refusal;
    if (typeof said === "string") texts.push(said);
    else if (MEDIA.includes(String(type))) media += 1;
    else return refuse(`Invalid value: '${String(type)}'.`, `${param}[${index}].type`);
  }
  return found({ text: texts.join("\n"), media });
}

function readMessage(item: JsonObject, param: string): Read<MindMessage> {
  const role = ROLES[String(item.role)];
  if (role === undefined)
    return refuse(
      `Invalid value: '${String(item.role)}'. Supported values are: ${Object.keys(ROLES).join(", ")}.`,
      `${param}.role`,
    );
  const content = readContent(item.content, `${param}.content`);
  if (!content.ok) return content;
  const { text, media } = content.value;
  return found({ role, text, ...(media > 0 && { media }) });
}

function readItem(item: JsonObject, param: string, store: ConversationStore): Read<MindMessage | null> {
  const { type, call_id: callId } = item;
  if (type === undefined || type === "message") return readMessage(item, param);
  if (type === "reasoning") return found(null);
  if (type === "function_call") {
    const call = {
      id: textOr(callId, ""),
      name: textOr(item.name, ""),
      arguments: textOr(item.arguments, "{}"),
    };
    return found({ role: "assistant", text: "", toolCalls: [call] });
  }
  if (type === "function_call_output") {
    const content = readContent(item.output, `${param}.output`);
    if (!content.ok) return content;
    return found({ role: "tool", text: content.value.text, resultOf: textOr(callId, "") });
  }
  if (type !== "item_reference")
    return refuse(
      `Unsupported value: '${String(type)}'; this simulator cannot read it.`,
      `${param}.type`,
      "unsupported_value",
    );
  const known = store.findItem(textOr(item.id, ""));
  return known === undefined
    ? refuse(`Item with id '${String(item.id)}' not found.`, `${param}.id`, null)
    : found(known);
}

/** A result must follow the turn that called for it. */
function findStrayResult(messages: readonly MindMessage[]): MindMessage | undefined {
  const called = new Set<string>();
  return messages.find(({ toolCalls = [], resultOf }) => {
    for (const call of toolCalls) called.add(call.id);
    return resultOf !== undefined && !called.has(resultOf);
  });
}

/** The turns that the input adds to those that went before. */
export function readInput(
  input: unknown,
  before: readonly MindMessage[],
  store: ConversationStore,
): Read<readonly MindMessage[]> {
  if (typeof input === "string") return found([...before, { role: "user", text: input }]);
  if (!Array.isArray(input) || input.length === 0)
    return refuse("Missing required parameter: 'input'.", "input", "missing_required_parameter");
  const messages: MindMessage[] = [...before];
  for (const [index, each] of input.entries()) {
    const item = readItem(asObject(each), `input[${index}]`, store);
    if (!item.ok) return item;
    if (item.value !== null) messages.push(item.value);
  }
  const stray = findStrayResult(messages);
  return stray === undefined
    ? found(messages)
    : refuse(`No tool call found for function call output with call_id ${stray.resultOf}.`, "input", null);
}
