/** Answers neutral requests: the mind plus everything a served answer has around it (tokens, limits, latency, ids). */

import { answerPrompt } from "../mind/answer-prompt.ts";
import type {
  Effort,
  MindMessage,
  MindReply,
  RequestedFormat,
  ToolCall,
  ToolChoice,
  ToolOffer,
} from "../mind/mind-request.ts";
import type { ModelProfile } from "../profiles.ts";
import { createSeededRandom, hashText } from "../seeded-random.ts";
import { countPromptTokens, countTokens, cutToTokens, TOKENS_PER_MEDIUM } from "../token-count.ts";
import { type BreakpointCache, createBreakpointCache, type PromptSegment } from "./breakpoint-cache.ts";
import { drawLatency, type Latency } from "./draw-latency.ts";
import type { ModelLineUp } from "./model-line-up.ts";
import { createOccurrenceCounter } from "./occurrence-counter.ts";
import { createPrefixCache, type PrefixCache } from "./prefix-cache.ts";
import type { FinishReason, Usage } from "./served-call.ts";
import type { SimulatorSettings } from "./simulator-options.ts";

export interface SimulatorRequest {
  readonly model: string;
  readonly messages: readonly MindMessage[];
  /** 1 unless given. */
  readonly temperature?: number;
  /** Free text unless given. */
  readonly format?: RequestedFormat;
  /** No reasoning unless given. */
  readonly effort?: Effort;
  /** Hidden reasoning counts too. */
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  /** With a seed of its own a request gets the same answer each time. */
  readonly seed?: number;
  readonly tools?: readonly ToolOffer[];
  /** `auto` unless given. */
  readonly toolChoice?: ToolChoice;
  /** True unless given. */
  readonly parallelToolCalls?: boolean;
  /** How many answers to draw; 1 unless given. */
  readonly choices?: number;
  /** The prompt in blocks with breakpoints, where the provider caches on demand; else whole prefixes are cached. */
  readonly segments?: readonly PromptSegment[];
}

/** One of the answers to a request. */
export interface ReplyChoice {
  readonly text: string;
  readonly refusal: string | undefined;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: FinishReason;
  /** The stop sequence that ended it. */
  readonly stopSequence: string | undefined;
  readonly label: string | undefined;
  readonly probabilities: Readonly<Record<string, number>>;
}

/** An answer; its own fields are those of the first choice. */
export interface SimulatorReply extends ReplyChoice, Latency {
  readonly id: string;
  readonly createdAt: number;
  readonly model: string;
  readonly fingerprint: string | null;
  /** What it says it thought; empty without reasoning. */
  readonly reasoning: string;
  /** The second choice and all after it. */
  readonly others: readonly ReplyChoice[];
  readonly usage: Usage;
}

export interface AnswerMachine {
  answer(request: SimulatorRequest): SimulatorReply;
}

/** Draws of further choices lie this far from the repeats of the same request. */
const CHOICE_STRIDE = 1_048_576;

/** All of a request that its answer may depend on; what is not there leaves no trace. */
export function contentOf(request: SimulatorRequest): string {
  const { model, messages, temperature, format, effort, maxTokens, stop, seed, tools = [] } = request;
  const offered = tools.length === 0 ? [] : [tools, request.toolChoice, request.parallelToolCalls];
  return JSON.stringify([
    model,
    messages.map(({ role, text, toolCalls, resultOf, media }) => {
      const more = [toolCalls, resultOf, media].filter((each) => each !== undefined);
      return [role, text, ...more];
    }),
    temperature,
    format,
    effort,
    maxTokens,
    stop,
    seed,
    ...offered,
  ]);
}

/** The texts of a prompt as they are counted, the tools and the schema of the answer included. */
function promptTexts(request: SimulatorRequest): readonly string[] {
  const { messages, format, tools = [] } = request;
  const called = (calls: readonly ToolCall[] = []): string =>
    calls.map((call) => call.name + call.arguments).join("");
  return [
    ...tools.map((tool) => JSON.stringify(tool)),
    ...messages.map(({ text, toolCalls }) => text + called(toolCalls)),
    ...(format?.kind === "schema" ? [JSON.stringify(format.schema)] : []),
  ];
}

export function countRequestTokens(request: SimulatorRequest): number {
  const media = request.messages.reduce((sum, message) => sum + (message.media ?? 0), 0);
  const texts = request.segments?.map(({ text }) => text) ?? promptTexts(request);
  return countPromptTokens(texts) + media * TOKENS_PER_MEDIUM;
}

interface Limited extends Pick<ReplyChoice, "text" | "finishReason" | "stopSequence"> {}

function limit(text: string, stop: readonly string[], tokens: number): Limited {
  const ends = stop
    .map((word) => ({ word, index: text.indexOf(word) }))
    .filter(({ index }) => index >= 0)
    .toSorted((left, right) => left.index - right.index);
  const end = ends[0];
  const stopped = end === undefined ? text : text.slice(0, end.index);
  return countTokens(stopped) <= tokens
    ? { text: stopped, finishReason: "stop", stopSequence: end?.word }
    : { text: cutToTokens(stopped, tokens), finishReason: "length", stopSequence: undefined };
}

function countCalls(calls: readonly ToolCall[]): number {
  return calls.reduce((sum, call) => sum + countTokens(call.name + call.arguments), 0);
}

interface Draw {
  readonly request: SimulatorRequest;
  readonly content: string;
  readonly occurrence: number;
  readonly profile: ModelProfile;
  readonly seed: number;
  readonly id: string;
}

function finish(mind: MindReply, { request, id, occurrence }: Draw): ReplyChoice {
  const { label, probabilities, refusal } = mind;
  const budget = Math.max(0, (request.maxTokens ?? Number.POSITIVE_INFINITY) - mind.reasoningTokens);
  const base = { label, probabilities, toolCalls: [], refusal: undefined, stopSequence: undefined };
  if (refusal !== undefined)
    return { ...base, text: "", refusal: cutToTokens(refusal, budget), finishReason: "refusal" };
  if (mind.toolCalls.length === 0) return { ...base, ...limit(mind.text, request.stop ?? [], budget) };
  const toolCalls = mind.toolCalls.map((call, index) => ({
    id: `call_${hashText(`${id} ${occurrence} ${index}`).toString(36)}`,
    name: call.name,
    arguments: JSON.stringify(call.arguments),
  }));
  // A call that was cut off in its arguments is of no use to anybody, so none is given.
  return countCalls(toolCalls) > budget
    ? { ...base, text: "", finishReason: "length" }
    : { ...base, text: "", toolCalls, finishReason: "tool_calls" };
}

function think({ request, content, occurrence, profile, seed }: Draw): MindReply {
  const { model, messages, temperature = 1, format = { kind: "text" }, effort = "none" } = request;
  const { tools, toolChoice, parallelToolCalls } = request;
  const offered = {
    ...(tools !== undefined && { tools }),
    ...(toolChoice !== undefined && { toolChoice }),
    ...(parallelToolCalls !== undefined && { parallelToolCalls }),
  };
  const asked = { model, messages, temperature, format, effort, ...offered };
  return answerPrompt(asked, { seed, content, occurrence }, profile);
}

interface Caches {
  readonly prefixes: PrefixCache;
  readonly breakpoints: BreakpointCache;
}

function useCaches(
  request: SimulatorRequest,
  { prefixes, breakpoints }: Caches,
  now: number,
): Pick<Usage, "cachedTokens" | "cacheWriteTokens"> {
  const { model, messages, format, tools = [], segments } = request;
  if (segments !== undefined) {
    const { readTokens, writtenTokens } = breakpoints.touch(model, segments, now);
    return { cachedTokens: readTokens, cacheWriteTokens: writtenTokens };
  }
  const schema = format?.kind === "schema" ? [JSON.stringify(format.schema)] : [];
  const offered = tools.map((tool) => JSON.stringify(tool));
  const prompt = [...offered, ...messages.map((message) => `${message.role}\n${message.text}`), ...schema];
  return { cachedTokens: prefixes.touch(model, prompt.join("\n")), cacheWriteTokens: 0 };
}

function spentOn(choices: readonly ReplyChoice[]): number {
  return choices.reduce(
    (sum, { text, refusal = "", toolCalls }) => sum + countTokens(text + refusal) + countCalls(toolCalls),
    0,
  );
}

/** A new machine has seen nothing: its counters and its caches start empty. */
export function createAnswerMachine(settings: SimulatorSettings, lineUp: ModelLineUp): AnswerMachine {
  const occurrences = createOccurrenceCounter();
  const caches: Caches = { prefixes: createPrefixCache(), breakpoints: createBreakpointCache() };
  return {
    answer(request) {
      const { seed } = settings;
      const now = settings.now();
      const served = lineUp.at(request.model, now);
      if (served === undefined) throw new Error(`The model ${request.model} is retired and answers nothing.`);
      const { profile, fingerprint } = served;
      const content = contentOf(request);
      const seen = occurrences.next(content);
      const id = `sim-${hashText(`${seed} ${seen} ${content}`).toString(36)}`;
      const occurrence = request.seed === undefined ? seen : 0;
      const drawn = Array.from({ length: request.choices ?? 1 }, (_, index) => {
        const draw = { request, content, occurrence: occurrence + index * CHOICE_STRIDE, profile, seed, id };
        const mind = think(draw);
        return { mind, choice: finish(mind, draw) };
      });
      const [first, ...others] = drawn.map(({ choice }) => choice);
      const mind = drawn[0]?.mind;
      if (first === undefined || mind === undefined)
        throw new Error("A request asks for at least one answer.");
      const reasoningTokens = Math.min(mind.reasoningTokens, request.maxTokens ?? mind.reasoningTokens);
      const completionTokens = spentOn([first, ...others]) + reasoningTokens;
      const random = createSeededRandom(seed, "latency", content, occurrence);
      return {
        ...first,
        others,
        id,
        createdAt: now,
        model: request.model,
        fingerprint:
          fingerprint === null
            ? null
            : `sim-${fingerprint}-${hashText(String(seed)).toString(36).slice(0, 6)}`,
        reasoning: reasoningTokens === 0 ? "" : mind.reasoning,
        usage: {
          promptTokens: countRequestTokens(request),
          ...useCaches(request, caches, now),
          completionTokens,
          reasoningTokens,
        },
        ...drawLatency(settings.latency, { profile, random, tokens: completionTokens }),
      };
    },
  };
}
