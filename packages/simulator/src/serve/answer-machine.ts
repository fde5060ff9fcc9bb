/** Answers neutral requests: the mind plus everything a served answer has around it (tokens, limits, latency, ids). */

import { answerPrompt } from "../mind/answer-prompt.ts";
import type { Effort, MindMessage, RequestedFormat } from "../mind/mind-request.ts";
import { findProfile } from "../profiles.ts";
import { createSeededRandom, hashText } from "../seeded-random.ts";
import { countPromptTokens, countTokens, cutToTokens } from "../token-count.ts";
import { createOccurrenceCounter } from "./occurrence-counter.ts";
import { createPrefixCache } from "./prefix-cache.ts";
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
}

export interface SimulatorReply {
  readonly id: string;
  readonly createdAt: number;
  readonly model: string;
  readonly fingerprint: string;
  readonly text: string;
  readonly finishReason: FinishReason;
  readonly label: string | undefined;
  readonly probabilities: Readonly<Record<string, number>>;
  readonly usage: Usage;
  /** How long the answer takes as a whole; waiting is the server's affair. */
  readonly latencyMs: number;
}

export interface AnswerMachine {
  answer(request: SimulatorRequest): SimulatorReply;
}

/** All of a request that its answer may depend on. */
export function contentOf(request: SimulatorRequest): string {
  const { model, messages, temperature, format, effort, maxTokens, stop, seed } = request;
  return JSON.stringify([
    model,
    messages.map(({ role, text }) => [role, text]),
    temperature,
    format,
    effort,
    maxTokens,
    stop,
    seed,
  ]);
}

interface Limited {
  readonly text: string;
  readonly finishReason: FinishReason;
}

function limit(text: string, stop: readonly string[], tokens: number): Limited {
  const ends = stop.map((word) => text.indexOf(word)).filter((index) => index >= 0);
  const stopped = ends.length === 0 ? text : text.slice(0, Math.min(...ends));
  return countTokens(stopped) <= tokens
    ? { text: stopped, finishReason: "stop" }
    : { text: cutToTokens(stopped, tokens), finishReason: "length" };
}

/** A new machine has seen nothing: its counters and its prefix cache start empty. */
export function createAnswerMachine(settings: SimulatorSettings): AnswerMachine {
  const occurrences = createOccurrenceCounter();
  const prefixes = createPrefixCache();
  return {
    answer(request) {
      const {
        model,
        messages,
        temperature = 1,
        format = { kind: "text" },
        effort = "none",
        stop = [],
      } = request;
      const content = contentOf(request);
      const occurrence = request.seed === undefined ? occurrences.next(content) : 0;
      const mind = answerPrompt(
        { model, messages, temperature, format, effort },
        { seed: settings.seed, content, occurrence },
      );
      const budget = (request.maxTokens ?? Number.POSITIVE_INFINITY) - mind.reasoningTokens;
      const { text, finishReason } = limit(mind.text, stop, Math.max(0, budget));
      const schema = format.kind === "schema" ? [JSON.stringify(format.schema)] : [];
      const prompt = [...messages.map((message) => `${message.role}\n${message.text}`), ...schema];
      const reasoningTokens = Math.min(mind.reasoningTokens, request.maxTokens ?? mind.reasoningTokens);
      const random = createSeededRandom(settings.seed, "latency", content, occurrence);
      const profile = findProfile(model);
      const { min, max } = settings.latency;
      return {
        id: `sim-${hashText(`${settings.seed} ${occurrence} ${content}`).toString(36)}`,
        createdAt: settings.now(),
        model,
        fingerprint: `sim-${profile.name}-${hashText(String(settings.seed)).toString(36).slice(0, 6)}`,
        text,
        finishReason,
        label: mind.label,
        probabilities: mind.probabilities,
        usage: {
          promptTokens: countPromptTokens([...messages.map((message) => message.text), ...schema]),
          cachedTokens: prefixes.touch(model, prompt.join("\n")),
          completionTokens: countTokens(text) + reasoningTokens,
          reasoningTokens,
        },
        latencyMs: (min + random.next() * (max - min)) * profile.slowness,
      };
    },
  };
}
