/** Calls models of all providers through the AI SDK: one request each, and what came of it. */
import type { CallFacts, Clock, ModelCaller, ModelRequest, ModelResult } from "@colophon/kernel";
import type { generateText, LanguageModelMiddleware } from "ai";
import { callFailure, type TroubleReader } from "./call-failure.ts";
import { type CallLimit, callLimit } from "./call-limit.ts";
import type { Fetch, ModelObject } from "./language-model.ts";
import { type EndpointOptions, type ModelEndpoint, modelEndpoint } from "./model-endpoint.ts";
import { type GeneratedAnswer, readAnswer } from "./read-answer.ts";

/** Writes `generateText`'s arguments for a request, as applications send them. */
export type CallWriter = (request: ModelRequest, model: ModelObject) => object;

export interface CallOptions extends EndpointOptions {
  readonly clock: Clock;
  readonly troubleOf: TroubleReader;
  /** The platform's unless given. */
  readonly fetch?: Fetch;
  /** Milliseconds until a call is given up; ten minutes unless given. */
  readonly timeoutMs?: number;
}

export interface ModelCallerOptions extends CallOptions {
  readonly write: CallWriter;
  /** Told once of each setting that a model does not take. */
  readonly onNotice?: (message: string) => void;
}

type GenerateArguments = Parameters<typeof generateText>[0];

export function createModelCaller(options: ModelCallerOptions): ModelCaller {
  const notices = new Set<string>();
  const tell = (message: string): void => {
    if (notices.has(message)) return;
    notices.add(message);
    options.onNotice?.(message);
  };
  return {
    async call(request) {
      const endpoint = modelEndpoint(request.model, options);
      const { languageModel } = await import("./language-model.ts");
      const model = languageModel(endpoint, request.model.id, options.fetch);
      const written = write(options, { request, endpoint, model });
      const limit = callLimit(request.signal, options.timeoutMs);
      const sent = { request, endpoint, model, written, limit };
      try {
        return await send(options, sent, tell);
      } finally {
        limit.clear();
      }
    },
  };
}

interface Prepared {
  readonly request: ModelRequest;
  readonly endpoint: ModelEndpoint;
  readonly model: ModelObject;
}

interface Sent extends Prepared {
  readonly written: object;
  readonly limit: CallLimit;
}

/** A server that speaks OpenAI's format reads what OpenAI's parameters are called. */
function write({ write: writer }: ModelCallerOptions, { request, endpoint, model }: Prepared): object {
  if (!endpoint.format.startsWith("openai")) return writer(request, model);
  return writer({ ...request, model: { ...request.model, provider: "openai" } }, model);
}

async function send(
  { clock, troubleOf }: ModelCallerOptions,
  { request, endpoint, model, written, limit }: Sent,
  tell: (message: string) => void,
): Promise<ModelResult> {
  const name = `${request.model.provider}/${request.model.id}`;
  const began = clock.elapsed();
  const facts = (): CallFacts => ({ latency: clock.elapsed() - began, host: endpoint.host });
  let seen: { readonly answer: GeneratedAnswer; readonly facts: CallFacts } | undefined;
  const middleware: LanguageModelMiddleware = {
    transformParams: async ({ params }) => ({ ...params, ...formatOf(request) }),
    async wrapGenerate({ doGenerate }) {
      const answer = await doGenerate();
      seen = { answer, facts: facts() };
      for (const warning of answer.warnings) tell(`${name}: ${warningText(warning)}`);
      // What is told already need not be written to the process's error output too.
      return { ...answer, warnings: [] };
    },
  };
  const { generateText, wrapLanguageModel } = await import("./language-model.ts");
  try {
    const watched = wrapLanguageModel({ model, middleware });
    await generateText({
      ...(written as GenerateArguments),
      model: watched,
      maxRetries: 0,
      abortSignal: limit.signal,
    });
  } catch (error) {
    // What the AI SDK makes of an answer that came may fail; the answer came.
    if (seen === undefined) {
      const trouble = troubleOf(error, clock.now());
      const failed = { ...facts(), model: name, error, trouble, ended: limit.ended() };
      return { ok: false, failure: callFailure(failed) };
    }
  }
  if (seen === undefined) throw new Error("The AI SDK ended a call without asking the model.");
  return { ok: true, answer: readAnswer(seen.answer, seen.facts) };
}

/** Asked of the model itself, since `generateText` would refuse answers that do not keep the contract. */
function formatOf({ text: { output } }: ModelRequest): object {
  if (output === undefined) return {};
  return { responseFormat: { type: "json", name: "answer", schema: structuredClone(output) } };
}

function warningText(warning: GeneratedAnswer["warnings"][number]): string {
  switch (warning.type) {
    case "unsupported":
    case "compatibility":
      return `${warning.feature} is not taken as it is${warning.details === undefined ? "." : `: ${warning.details}`}`;
    case "deprecated":
      return `${warning.setting} is deprecated: ${warning.message}`;
    case "other":
      return warning.message;
  }
}
