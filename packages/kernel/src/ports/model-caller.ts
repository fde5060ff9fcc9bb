/** The port of model calls: one request to one model, and what came of it. */
import type { ModelChoice } from "../model-choice.ts";
import type { TokenUsage } from "../records/execution.ts";
import type { Message } from "../template/message.ts";
import type { VersionText } from "../version-text.ts";

/** What is sent: a text's messages, with all that the text says of tools, answer and cache. */
export interface ModelRequest {
  /** Read for tools, tool choice, contract of the answer and cache breakpoints. */
  readonly text: VersionText;
  /** The text's own, or another one. Its parameters are the provider's names, as in a version. */
  readonly model: ModelChoice;
  /** Rendered from the text. */
  readonly messages: readonly Message[];
  readonly signal?: AbortSignal;
}

export interface ModelToolCall {
  readonly name: string;
  /** As the model gave them; the raw text where it is no JSON. */
  readonly arguments: unknown;
}

/** Where and how long: known of answers and failures alike. */
export interface CallFacts {
  /** Milliseconds from the request to its end. */
  readonly latency: number;
  /** Host of the endpoint, with a port where it is not the usual one; null where no request went out. */
  readonly host: string | null;
}

export interface ModelAnswer extends CallFacts {
  /** Null where the model said nothing, or answered with tool calls alone. */
  readonly text: string | null;
  readonly toolCalls: readonly ModelToolCall[];
  /** The model declined, by the provider's own word for it; a refusal in plain words is not seen here. */
  readonly refused: boolean;
  /** The provider's own word; null where it gives none. */
  readonly finishReason: string | null;
  /** The answer ended because a limit on its length was met. */
  readonly cutShort: boolean;
  /** The model that the answer names; null where it names none. */
  readonly model: string | null;
  readonly systemFingerprint: string | null;
  readonly tokens: TokenUsage;
}

/**
 * 429 (`rate-limit`), 503 and 529 (`overloaded`), other 5xx (`server`), 408 and time limits (`timeout`),
 * no connection (`connection`), an answer that broke off or cannot be read (`cut`), no key, no rights or
 * no credit (`barred`), a request that the provider does not take (`rejected`), the caller's own signal
 * (`aborted`), anything else (`unknown`).
 */
export type CallFailureKind =
  | "rate-limit"
  | "overloaded"
  | "server"
  | "timeout"
  | "connection"
  | "cut"
  | "barred"
  | "rejected"
  | "aborted"
  | "unknown";

export interface CallFailure extends CallFacts {
  readonly kind: CallFailureKind;
  /**
   * `passing`: another try may fare better; `lasting`: every try of this request would meet it;
   * `barring`: every request would meet it.
   */
  readonly reach: "passing" | "lasting" | "barring";
  /** Milliseconds that the provider asks to wait (`Retry-After`); null where it does not say. */
  readonly retryAfter: number | null;
  /** HTTP status; null where no answer came. */
  readonly status: number | null;
  /** A sentence for people, without keys and without the provider's own words, which may quote contents. */
  readonly message: string;
}

export type ModelResult =
  | { readonly ok: true; readonly answer: ModelAnswer }
  | { readonly ok: false; readonly failure: CallFailure };

/** Makes one request and no second one: retries are the caller's, in one layer. */
export interface ModelCaller {
  /**
   * Resolves with a failure rather than throwing one.
   *
   * @throws HarnessError `usage` for a model that nobody here can call, or without the key it needs.
   */
  call(request: ModelRequest): Promise<ModelResult>;
}

export interface Embedding extends CallFacts {
  /** One vector for each text, in their order; all of one length. */
  readonly vectors: readonly (readonly number[])[];
  /** Input tokens; null where the provider does not say. */
  readonly tokens: number | null;
}

export type EmbeddingResult =
  | { readonly ok: true; readonly embedding: Embedding }
  | { readonly ok: false; readonly failure: CallFailure };

/** Turns texts into vectors by one model. */
export interface Embedder {
  readonly model: ModelChoice;
  /** Resolves with a failure rather than throwing one. One request, no retry. */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<EmbeddingResult>;
}
