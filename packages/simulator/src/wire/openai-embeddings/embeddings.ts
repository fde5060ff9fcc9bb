/** The route POST /v1/embeddings. */

import { Hono } from "hono";
import { findProfile } from "../../profiles.ts";
import { createSeededRandom, hashText } from "../../seeded-random.ts";
import { drawLatency } from "../../serve/draw-latency.ts";
import { countTokens } from "../../token-count.ts";
import { absent, isObject, isWhole, type JsonObject } from "../json-object.ts";
import { writeOpenaiFailure } from "../openai/openai-failure.ts";
import { serveCall, type WireParts } from "../serve-call.ts";
import { found, type Read, refuse, type WireCall, type WireFormat } from "../wire-format.ts";
import { embedText } from "./embed-text.ts";

const FORMAT: WireFormat = {
  name: "openai.embeddings",
  requestIdHeader: "x-request-id",
  writeFailure: writeOpenaiFailure,
};
const USUAL_DIMENSIONS = 1_536;
const LARGE_DIMENSIONS = 3_072;
const MAX_INPUTS = 2_048;

interface Input {
  readonly text: string;
  readonly tokens: number;
}

interface EmbeddingRequest {
  readonly model: string;
  readonly inputs: readonly Input[];
  readonly dimensions: number;
  readonly base64: boolean;
}

const isTokens = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => isWhole(each, 0));

/** Token ids are words of their own. */
function readInput(value: unknown): Input | undefined {
  if (typeof value === "string" && value !== "") return { text: value, tokens: countTokens(value) };
  return isTokens(value)
    ? { text: value.map((token) => `token${token}`).join(" "), tokens: value.length }
    : undefined;
}

function readInputs(value: unknown): readonly Input[] | undefined {
  const many = Array.isArray(value) && !isTokens(value) ? value : [value];
  const inputs = many.map(readInput).filter((input) => input !== undefined);
  return inputs.length === many.length && many.length > 0 && many.length <= MAX_INPUTS ? inputs : undefined;
}

function readRequest(body: JsonObject): Read<EmbeddingRequest> {
  const { model, input, dimensions, encoding_format: encoding } = body;
  if (typeof model !== "string" || model === "")
    return refuse("You must provide a model parameter.", "model", "missing_required_parameter");
  const inputs = readInputs(input);
  if (inputs === undefined)
    return refuse(`'input' must be text, or up to ${MAX_INPUTS} texts, none of them empty.`, "input");
  if (!absent(dimensions) && !(isWhole(dimensions, 1) && dimensions <= LARGE_DIMENSIONS))
    return refuse(
      `Invalid 'dimensions': expected a whole number from 1 to ${LARGE_DIMENSIONS}.`,
      "dimensions",
    );
  if (!absent(encoding) && encoding !== "float" && encoding !== "base64")
    return refuse("Invalid 'encoding_format': expected float or base64.", "encoding_format");
  const usual = model.includes("large") ? LARGE_DIMENSIONS : USUAL_DIMENSIONS;
  return found({
    model,
    inputs,
    dimensions: typeof dimensions === "number" ? dimensions : usual,
    base64: encoding === "base64",
  });
}

function writeVector(vector: Float32Array, base64: boolean): string | readonly number[] {
  return base64 ? Buffer.from(vector.buffer).toString("base64") : [...vector];
}

function writeEmbeddings({ model, inputs, dimensions, base64 }: EmbeddingRequest): string {
  const tokens = inputs.reduce((sum, input) => sum + input.tokens, 0);
  return JSON.stringify({
    object: "list",
    data: inputs.map(({ text }, index) => ({
      object: "embedding",
      index,
      embedding: writeVector(embedText(model, text, dimensions), base64),
    })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

export function embeddings(parts: WireParts): Hono {
  const { settings } = parts;
  const readCall = (body: unknown): Read<WireCall> => {
    if (!isObject(body))
      return refuse("We could not parse the JSON body of your request: expected a JSON object.", null, null);
    const read = readRequest(body);
    if (!read.ok) return read;
    const { model, inputs } = read.value;
    const content = JSON.stringify(["embeddings", read.value]);
    return found({
      model,
      stream: false,
      content,
      answer() {
        const random = createSeededRandom(settings.seed, "latency", content);
        const promptTokens = inputs.reduce((sum, input) => sum + input.tokens, 0);
        const whole = { data: writeEmbeddings(read.value), carried: { usage: { promptTokens } } };
        return {
          id: `embd-sim-${hashText(content).toString(36)}`,
          fingerprint: null,
          label: undefined,
          ...drawLatency(settings.latency, { profile: findProfile(model), random, tokens: 0 }),
          whole: () => whole,
          stream: () => [whole],
        };
      },
    });
  };
  const route = new Hono();
  route.post("/embeddings", (context) => serveCall(context, readCall, { format: FORMAT, parts }));
  return route;
}
