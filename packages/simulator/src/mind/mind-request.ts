/** What the mind is asked and what it answers, in words that no provider's wire format owns. */

export type Role = "system" | "user" | "assistant" | "tool";

export interface MindMessage {
  readonly role: Role;
  readonly text: string;
  /** What an assistant's turn called. */
  readonly toolCalls?: readonly ToolCall[];
  /** The id of the call whose result a tool's turn is. */
  readonly resultOf?: string;
  /** Images, sounds and files of the turn: counted, never looked at. */
  readonly media?: number;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** The JSON text of an object. */
  readonly arguments: string;
}

/** A JSON Schema, or any JSON object that is read as one. */
export type SchemaNode = Readonly<Record<string, unknown>>;

export type RequestedFormat =
  | { readonly kind: "text" }
  | { readonly kind: "json" }
  | { readonly kind: "schema"; readonly schema: SchemaNode };

export const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh"] as const;
export type Effort = (typeof EFFORTS)[number];

/** A function that the caller offers to run. */
export interface ToolOffer {
  readonly name: string;
  readonly description: string;
  /** The JSON Schema of its arguments. */
  readonly schema: SchemaNode;
}

export type ToolChoice =
  | { readonly kind: "auto" | "none" | "required" }
  | { readonly kind: "named"; readonly name: string };

export interface MindRequest {
  readonly model: string;
  readonly messages: readonly MindMessage[];
  readonly temperature: number;
  readonly format: RequestedFormat;
  readonly effort: Effort;
  readonly tools?: readonly ToolOffer[];
  /** `auto` unless given. */
  readonly toolChoice?: ToolChoice;
  /** Whether one answer may call several tools; true unless given. */
  readonly parallelToolCalls?: boolean;
}

/** Where the noise of one answer comes from: the same three values give the same answer. */
export interface NoiseSource {
  readonly seed: number;
  /** The whole request as text. */
  readonly content: string;
  /** How often this very request was answered before. */
  readonly occurrence: number;
}

export interface MindReply {
  readonly text: string;
  /** The label chosen, where the prompt asked for one. */
  readonly label: string | undefined;
  /** How probable each label was, in the order of the prompt. */
  readonly probabilities: Readonly<Record<string, number>>;
  readonly reasoningTokens: number;
  /** What it says it thought, in a few sentences. */
  readonly reasoning: string;
  /** Why it will not answer; the text is empty then. */
  readonly refusal: string | undefined;
  /** What it wants called before it answers; the text is empty then. */
  readonly toolCalls: readonly WantedCall[];
}

export interface WantedCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}
