/** Reads the tools of an OpenAI request and which of them the model has to call. */

import type { ToolChoice, ToolOffer } from "../../mind/mind-request.ts";
import { absent, asArray, asObject, isObject, type JsonObject, textOr } from "../json-object.ts";
import { found, type Read, refuse } from "../wire-format.ts";

export interface OfferedTools {
  readonly tools?: readonly ToolOffer[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
}

/** A function stands in the tool itself (responses) or in its field `function` (chat completions). */
function functionOf(tool: JsonObject): JsonObject {
  return isObject(tool.function) ? tool.function : tool;
}

function readToolList(value: unknown): Read<readonly ToolOffer[]> {
  const tools: ToolOffer[] = [];
  for (const [index, each] of asArray(value).entries()) {
    const tool = asObject(each);
    if (tool.type !== "function")
      return refuse(
        `Unsupported value for 'tools[${index}].type': '${String(tool.type)}'; this simulator has functions only.`,
        `tools[${index}].type`,
        "unsupported_value",
      );
    const { name, description, parameters } = functionOf(tool);
    if (typeof name !== "string" || !/^[\w-]{1,64}$/.test(name))
      return refuse(
        `Invalid 'tools[${index}].name': expected letters, digits, _ or -.`,
        `tools[${index}].name`,
      );
    tools.push({ name, description: textOr(description, ""), schema: asObject(parameters) });
  }
  return found(tools);
}

function readToolChoice(value: unknown, tools: readonly ToolOffer[]): Read<ToolChoice> {
  if (absent(value)) return found({ kind: "auto" });
  if (tools.length === 0)
    return refuse("'tool_choice' is only allowed when 'tools' are specified.", "tool_choice", null);
  if (value === "auto" || value === "none" || value === "required") return found({ kind: value });
  const choice = asObject(value);
  if (choice.type === "allowed_tools")
    return readToolChoice(asObject(choice.allowed_tools).mode ?? choice.mode, tools);
  const { name } = functionOf(choice);
  if (choice.type !== "function" || typeof name !== "string")
    return refuse("Invalid 'tool_choice': expected auto, none, required or a function.", "tool_choice");
  if (!tools.some((tool) => tool.name === name))
    return refuse(`Tool choice '${name}' not found in 'tools' parameter.`, "tool_choice");
  return found({ kind: "named", name });
}

/** What an allowed list leaves of the tools. */
function allowedOf(choice: unknown, tools: readonly ToolOffer[]): readonly ToolOffer[] {
  const { type, allowed_tools: inner, tools: direct } = asObject(choice);
  if (type !== "allowed_tools") return tools;
  const names = asArray(asObject(inner).tools ?? direct).map((each) => functionOf(asObject(each)).name);
  return tools.filter(({ name }) => names.includes(name));
}

/** The fields a neutral request takes from `tools`, `tool_choice` and `parallel_tool_calls`. */
export function readTools(body: JsonObject): Read<OfferedTools> {
  if (!absent(body.tools) && !Array.isArray(body.tools))
    return refuse("Invalid type for 'tools': expected an array.", "tools", "invalid_type");
  const tools = readToolList(body.tools);
  if (!tools.ok) return tools;
  const choice = readToolChoice(body.tool_choice, tools.value);
  if (!choice.ok) return choice;
  if (tools.value.length === 0) return found({});
  return found({
    tools: allowedOf(body.tool_choice, tools.value),
    toolChoice: choice.value,
    ...(body.parallel_tool_calls === false && { parallelToolCalls: false }),
  });
}
