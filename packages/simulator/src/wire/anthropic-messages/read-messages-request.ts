/** Reads the body of POST /v1/messages into a neutral request, or says what is wrong with it. */

import type { Effort, RequestedFormat, ToolChoice, ToolOffer } from "../../mind/mind-request.ts";
import type { SimulatorRequest } from "../../serve/answer-machine.ts";
import type { PromptSegment } from "../../serve/breakpoint-cache.ts";
import { absent, asArray, asObject, isObject, isWhole, type JsonObject, textOr } from "../json-object.ts";
import { readEffort } from "../read-effort.ts";
import { found, type Read, refuse } from "../wire-format.ts";
import { keepOf, type ReadBlocks, readBlocks } from "./read-blocks.ts";

export interface MessagesRequest {
  readonly request: SimulatorRequest;
  readonly stream: boolean;
  /** Whether thinking is shown; without it the blocks are there and empty. */
  readonly showThinking: boolean;
}

function readTools(value: unknown): Read<readonly ToolOffer[]> {
  const tools: ToolOffer[] = [];
  for (const [index, each] of asArray(value).entries()) {
    const { type, name, description, input_schema: schema } = asObject(each);
    if (!absent(type) && type !== "custom")
      return refuse(
        `tools.${index}: this simulator has tools of your own only, not '${String(type)}'`,
        "tools",
      );
    if (typeof name !== "string" || name === "")
      return refuse(`tools.${index}.name: Field required`, "tools");
    if (!isObject(schema)) return refuse(`tools.${index}.input_schema: Field required`, "tools");
    tools.push({ name, description: textOr(description, ""), schema });
  }
  return found(tools);
}

function readToolChoice(value: unknown, tools: readonly ToolOffer[]): Read<ToolChoice> {
  const { type, name } = asObject(value);
  if (absent(value) || type === "auto" || type === "none")
    return found({ kind: type === "none" ? "none" : "auto" });
  if (tools.length === 0)
    return refuse("tool_choice: may only be specified while providing tools", "tool_choice");
  if (type === "any") return found({ kind: "required" });
  if (type !== "tool" || !tools.some((tool) => tool.name === name))
    return refuse(`tool_choice: Tool '${String(name)}' not found in provided tools`, "tool_choice");
  return found({ kind: "named", name: String(name) });
}

const BUDGET_STEPS: readonly (readonly [number, Effort])[] = [
  [16_384, "xhigh"],
  [8_192, "high"],
  [2_048, "medium"],
  [0, "low"],
];

/** No thinking unless it is asked for: with a budget, or adaptively, as far as the effort goes. */
function effortOf({ thinking, output_config: config }: JsonObject): Effort {
  const { type, budget_tokens: budget } = asObject(thinking);
  if (type === "adaptive") return readEffort(asObject(config).effort) ?? "high";
  if (type !== "enabled") return "none";
  return BUDGET_STEPS.find(([least]) => Number(budget) >= least)?.[1] ?? "low";
}

function readFormat(body: JsonObject): Read<RequestedFormat> {
  const format = asObject(body.output_config).format ?? body.output_format;
  if (absent(format)) return found({ kind: "text" });
  const { type, schema } = asObject(format);
  if (type !== "json_schema" || !isObject(schema))
    return refuse("output_config.format: expected type 'json_schema' with a schema", "output_config");
  return found({ kind: "schema", schema });
}

function readTurns(value: unknown): Read<ReadBlocks> {
  if (!Array.isArray(value) || value.length === 0)
    return refuse("messages: at least one message is required", "messages");
  const turns: ReadBlocks[] = [];
  for (const [index, each] of value.entries()) {
    const { role, content } = asObject(each);
    if (role !== "user" && role !== "assistant" && role !== "system")
      return refuse(`messages.${index}.role: Input should be 'user', 'assistant' or 'system'`, "messages");
    const turn = readBlocks(role, content, `messages.${index}.content`);
    if (!turn.ok) return turn;
    turns.push(turn.value);
  }
  return found({
    messages: turns.flatMap(({ messages }) => messages),
    segments: turns.flatMap(({ segments }) => segments),
  });
}

/** What the provider offers and this simulator does not is refused, never silently ignored. */
const UNSUPPORTED = ["container", "mcp_servers", "thread", "context_management"];

function findBadParameter(body: JsonObject): ReturnType<typeof refuse> | undefined {
  const unsupported = UNSUPPORTED.find((param) => !absent(body[param]));
  if (unsupported !== undefined) return refuse(`${unsupported}: this simulator has none`, unsupported);
  const { temperature, stop_sequences: stops, thinking, max_tokens: most } = body;
  if (!isWhole(most, 1)) return refuse("max_tokens: a whole number of 1 or more is required", "max_tokens");
  if (!absent(temperature) && !(typeof temperature === "number" && temperature >= 0 && temperature <= 1))
    return refuse("temperature: range: 0..1", "temperature");
  if (!absent(stops) && !asArray(stops).every((each) => typeof each === "string" && each !== ""))
    return refuse("stop_sequences: each stop sequence must be a text that is not empty", "stop_sequences");
  const { type, budget_tokens: budget } = asObject(thinking);
  if (type === "enabled" && !(isWhole(budget, 1_024) && budget < most))
    return refuse("thinking.budget_tokens: at least 1024 and less than max_tokens", "thinking");
  return undefined;
}

/** Tools come before the system prompt, and that before the turns: in this order prefixes are cached. */
function segmentsOf(body: JsonObject, system: ReadBlocks, turns: ReadBlocks): readonly PromptSegment[] {
  const config = asObject(body.output_config);
  const format = isObject(config.format) ? [{ owner: "format", text: JSON.stringify(config.format) }] : [];
  const tools = asArray(body.tools).map((each) => {
    const { cache_control: _, ...tool } = asObject(each);
    return { owner: "tool", text: JSON.stringify(tool), ...keepOf(asObject(each)) };
  });
  const segments: readonly PromptSegment[] = [...format, ...tools, ...system.segments, ...turns.segments];
  const last = segments.at(-1);
  // A breakpoint for the whole request stands after its last block.
  return last === undefined ? segments : [...segments.slice(0, -1), { ...last, ...keepOf(body) }];
}

const NO_BLOCKS: ReadBlocks = { messages: [], segments: [] };

/** Reads and checks the body of a messages request. */
export function readMessagesRequest(body: unknown): Read<MessagesRequest> {
  if (!isObject(body)) return refuse("The request body is not valid JSON", null);
  if (typeof body.model !== "string" || body.model === "") return refuse("model: Field required", "model");
  const wrong = findBadParameter(body);
  if (wrong !== undefined) return wrong;
  const system = absent(body.system) ? found(NO_BLOCKS) : readBlocks("system", body.system, "system");
  if (!system.ok) return system;
  const turns = readTurns(body.messages);
  if (!turns.ok) return turns;
  const tools = readTools(body.tools);
  if (!tools.ok) return tools;
  const choice = readToolChoice(body.tool_choice, tools.value);
  if (!choice.ok) return choice;
  const format = readFormat(body);
  if (!format.ok) return format;
  const { temperature, stop_sequences: stop, max_tokens: maxTokens } = body;
  const offered = {
    tools: tools.value,
    toolChoice: choice.value,
    ...(asObject(body.tool_choice).disable_parallel_tool_use === true && { parallelToolCalls: false }),
  };
  return found({
    request: {
      model: body.model,
      messages: [...system.value.messages, ...turns.value.messages],
      format: format.value,
      effort: effortOf(body),
      maxTokens: Number(maxTokens),
      ...(typeof temperature === "number" && { temperature }),
      ...(!absent(stop) && { stop: asArray(stop).map(String) }),
      ...(tools.value.length > 0 && offered),
      segments: segmentsOf(body, system.value, turns.value),
    },
    stream: body.stream === true,
    showThinking: asObject(body.thinking).display !== "omitted",
  });
}
