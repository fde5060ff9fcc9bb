/** A language model seen through: it answers as before, and each of its calls leaves a row. */
import type { JsonSchema } from "@colophon/kernel";
import { type Answer, hostOf, isRecord, listOf, NO_ANSWER, recordOf, textOf } from "../../answer.ts";
import type { Recording } from "../../recording.ts";
import type { Run } from "../../run.ts";
import { copySchema } from "../copy-schema.ts";
import type { CallableModel, ModelCallOptions, ModelResult } from "./ai-model.ts";
import { aiFinishReason, aiRefused } from "./ai-parts.ts";
import { aiUsage } from "./ai-usage.ts";
import { isPartStream, watchedParts } from "./watched-parts.ts";

export interface SeenModelParts {
  readonly recording: Recording;
  /** Asked of the model in every call that asks for no other form of answer. */
  readonly output: JsonSchema | undefined;
}

const CALLS = ["doGenerate", "doStream"] as const;

/** The model, in everything but its two calls. */
export function seenModel(model: CallableModel, parts: SeenModelParts): CallableModel {
  const calls = new SeenCalls(model, parts);
  const doGenerate = calls.generate.bind(calls);
  const doStream = calls.stream.bind(calls);
  // What an object holds fast cannot be hidden by a proxy of it.
  const isFixed = CALLS.some((call) => Object.getOwnPropertyDescriptor(model, call)?.configurable === false);
  const target = isFixed ? (Object.create(model) as CallableModel) : model;
  return new Proxy(target, {
    get(_, name) {
      if (name === "doGenerate") return doGenerate;
      if (name === "doStream") return doStream;
      // Its getters may read private fields, which the proxy has not.
      return Reflect.get(model, name, model);
    },
  });
}

class SeenCalls {
  readonly #model: CallableModel;
  readonly #parts: SeenModelParts;

  constructor(model: CallableModel, parts: SeenModelParts) {
    this.#model = model;
    this.#parts = parts;
  }

  async generate(options: ModelCallOptions): Promise<ModelResult> {
    const { run, result } = await this.#send(options, "doGenerate");
    run.end("ok", readModel(result));
    return result;
  }

  async stream(options: ModelCallOptions): Promise<ModelResult & { readonly stream: unknown }> {
    const { run, result } = await this.#send(options, "doStream");
    const { stream } = result as { readonly stream?: unknown };
    if (!isPartStream(stream)) {
      run.end("ok", readModel(result));
      return { ...result, stream };
    }
    return { ...result, stream: watchedParts(stream, { run, isAborted: () => isAborted(options) }) };
  }

  async #send(
    options: ModelCallOptions,
    call: "doGenerate" | "doStream",
  ): Promise<{ readonly run: Run; readonly result: ModelResult }> {
    const { recording } = this.#parts;
    // The AI SDK runs them by itself.
    if (Array.isArray(options.tools) && options.tools.length > 0) recording.mustRunOnce();
    const run = recording.step();
    try {
      const asked = this.#withOutput(options);
      const result = await run.within(() => this.#model[call](asked));
      run.sawHost(hostOf(result?.request?.url) ?? endpointOf(this.#model));
      return { run, result };
    } catch (error) {
      run.sawHost(endpointOf(this.#model));
      if (isAborted(options)) run.abort();
      else run.fail(error);
      throw error;
    }
  }

  #withOutput(options: ModelCallOptions): ModelCallOptions {
    const { output } = this.#parts;
    if (output === undefined || options.responseFormat !== undefined) return options;
    return { ...options, responseFormat: { type: "json", name: "answer", schema: copySchema(output) } };
  }
}

/** The application's own abort, whatever reason it gave; a time limit is a failure of the call. */
function isAborted({ abortSignal }: ModelCallOptions): boolean {
  if (abortSignal?.aborted !== true) return false;
  const { reason } = abortSignal as { readonly reason?: unknown };
  return !(reason instanceof Error && reason.name === "TimeoutError");
}

/** The host that the provider configured its model with; only some models tell it with an answer. */
function endpointOf(model: CallableModel): string | null {
  try {
    const { baseURL, url } = recordOf((model as { readonly config?: unknown }).config);
    const { modelId } = model;
    return hostOf(baseURL ?? (typeof url === "function" ? url({ modelId, path: "" }) : null));
  } catch {
    // What a model keeps to itself may be of any form.
    return null;
  }
}

function readModel(result: unknown): Answer {
  try {
    return modelAnswer(result);
  } catch {
    // What cannot be read is a row without numbers, never an error of the caller's.
    return NO_ANSWER;
  }
}

function modelAnswer(result: unknown): Answer {
  const { content, usage, finishReason, response } = recordOf(result);
  const parts = listOf(content).filter(isRecord);
  const texts = parts.flatMap((part) => (part.type === "text" ? (textOf(part.text) ?? []) : []));
  const reason = aiFinishReason(finishReason);
  const { modelId, body } = recordOf(response);
  // Google's name of what answered goes no further than the body.
  const { system_fingerprint: fingerprint, modelVersion } = recordOf(body);
  return {
    text: texts.length === 0 ? null : texts.join(""),
    model: textOf(modelId ?? modelVersion),
    systemFingerprint: textOf(fingerprint),
    usage: aiUsage(usage),
    finishReason: reason,
    toolCalls: parts.flatMap((part) => (part.type === "tool-call" ? (textOf(part.toolName) ?? []) : [])),
    refused: aiRefused(reason),
  };
}
