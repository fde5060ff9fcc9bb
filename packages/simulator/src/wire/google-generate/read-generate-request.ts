/** Reads the body of a generateContent request into a neutral request, or says what is wrong with it. */

import type { Effort, RequestedFormat, ToolChoice, ToolOffer } from "../../mind/mind-request.ts";
import type { SimulatorRequest } from "../../serve/answer-machine.ts";
import { absent, asArray, asObject, isObject, isWhole, type JsonObject, textOr } from "../json-object.ts";
import { found, type Read, refuse } from "../wire-format.ts";
import { readContents, readSystem } from "./read-contents.ts";
import { readGoogleSchema } from "./read-schema.ts";

export interface GenerateRequest {
  readonly request: SimulatorRequest;
  readonly showThoughts: boolean;
}

function readTools(value: unknown): Read<readonly ToolOffer[]> {
  const tools: ToolOffer[] = [];
  for (const [index, each] of asArray(value).entries()) {
    const { functionDeclarations: declarations } = asObject(each);
    if (!Array.isArray(declarations))
      return refuse(`tools[${index}]: this simulator has functionDeclarations only`, "tools");
    for (const declared of declarations.map(asObject)) {
      const { name, description, parameters, parametersJsonSchema } = declared;
      if (typeof name !== "string" || name === "")
        return refuse(`tools[${index}].function_declarations: a name is required`, "tools");
      const schema = asObject(parametersJsonSchema ?? parameters);
      tools.push({ name, description: textOr(description, ""), schema: readGoogleSchema(schema) });
    }
  }
  return found(tools);
}

/** `ANY` with a single allowed name is a forced call; with several, those are all there is to choose from. */
function chooseTools(
  tools: readonly ToolOffer[],
  config: JsonObject,
): Pick<SimulatorRequest, "tools" | "toolChoice"> {
  if (tools.length === 0) return {};
  const { mode, allowedFunctionNames } = asObject(config.functionCallingConfig);
  const names = asArray(allowedFunctionNames);
  const allowed = names.length === 0 ? tools : tools.filter(({ name }) => names.includes(name));
  const kinds: Readonly<Record<string, ToolChoice>> = {
    ANY: { kind: "required" },
    NONE: { kind: "none" },
  };
  return { tools: allowed, toolChoice: kinds[String(mode)] ?? { kind: "auto" } };
}

const BUDGET_STEPS: readonly (readonly [number, Effort])[] = [
  [16_384, "xhigh"],
  [8_192, "high"],
  [1_024, "medium"],
  [1, "low"],
];
const LEVELS: Readonly<Record<string, Effort>> = {
  MINIMAL: "minimal",
  LOW: "low",
  MEDIUM: "medium",
  HIGH: "high",
};

/** No thoughts unless they are asked for; a budget of -1 leaves it to the model. */
function effortOf(config: JsonObject): Effort {
  const { thinkingBudget: budget, thinkingLevel: level } = config;
  if (typeof level === "string") return LEVELS[level.toUpperCase()] ?? "none";
  if (typeof budget !== "number") return "none";
  if (budget === -1) return "medium";
  return BUDGET_STEPS.find(([least]) => budget >= least)?.[1] ?? "none";
}

function readFormat(config: JsonObject): Read<RequestedFormat> {
  const { responseMimeType: mime, responseSchema, responseJsonSchema } = config;
  const schema = responseJsonSchema ?? responseSchema;
  if (absent(mime) || mime === "text/plain") return found({ kind: "text" });
  if (mime !== "application/json")
    return refuse(
      `response_mime_type: '${String(mime)}' is not one of text/plain, application/json`,
      "generationConfig",
    );
  return found(isObject(schema) ? { kind: "schema", schema: readGoogleSchema(schema) } : { kind: "json" });
}

function readNumbers(config: JsonObject): Read<Partial<SimulatorRequest>> {
  const { temperature, maxOutputTokens, seed, candidateCount, stopSequences: stop } = config;
  const wrong = (param: string, wanted: string): ReturnType<typeof refuse> =>
    refuse(`generation_config.${param}: expected ${wanted}`, "generationConfig");
  if (!absent(temperature) && !(typeof temperature === "number" && temperature >= 0 && temperature <= 2))
    return wrong("temperature", "a number from 0 to 2");
  if (!absent(maxOutputTokens) && !isWhole(maxOutputTokens, 1))
    return wrong("max_output_tokens", "1 or more");
  if (!absent(seed) && !Number.isSafeInteger(seed)) return wrong("seed", "a whole number");
  if (!absent(candidateCount) && candidateCount !== 1)
    return wrong("candidate_count", "1, as this simulator gives one");
  return found({
    ...(typeof temperature === "number" && { temperature }),
    ...(typeof maxOutputTokens === "number" && { maxTokens: maxOutputTokens }),
    ...(typeof seed === "number" && { seed }),
    ...(!absent(stop) && { stop: asArray(stop).map(String) }),
  });
}

/** Reads and checks the body of a request to the model that the path names. */
export function readGenerateRequest(model: string, body: unknown): Read<GenerateRequest> {
  if (!isObject(body)) return refuse("Invalid JSON payload received.", null);
  if (!absent(body.cachedContent)) return refuse("This simulator keeps no cached contents.", "cachedContent");
  const contents = readContents(body.contents);
  if (!contents.ok) return contents;
  const tools = readTools(body.tools);
  if (!tools.ok) return tools;
  const config = asObject(body.generationConfig);
  const thinking = asObject(config.thinkingConfig);
  const format = readFormat(config);
  if (!format.ok) return format;
  const numbers = readNumbers(config);
  if (!numbers.ok) return numbers;
  return found({
    request: {
      model,
      messages: [...readSystem(body.systemInstruction ?? body.system_instruction), ...contents.value],
      format: format.value,
      effort: effortOf(thinking),
      ...numbers.value,
      ...chooseTools(tools.value, asObject(body.toolConfig)),
    },
    showThoughts: thinking.includeThoughts === true,
  });
}
