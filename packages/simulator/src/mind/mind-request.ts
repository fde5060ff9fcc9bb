/** What the mind is asked and what it answers, in words that no provider's wire format owns. */

export type Role = "system" | "user" | "assistant" | "tool";

export interface MindMessage {
  readonly role: Role;
  readonly text: string;
}

/** A JSON Schema, or any JSON object that is read as one. */
export type SchemaNode = Readonly<Record<string, unknown>>;

export type RequestedFormat =
  | { readonly kind: "text" }
  | { readonly kind: "json" }
  | { readonly kind: "schema"; readonly schema: SchemaNode };

export const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh"] as const;
export type Effort = (typeof EFFORTS)[number];

export interface MindRequest {
  readonly model: string;
  readonly messages: readonly MindMessage[];
  readonly temperature: number;
  readonly format: RequestedFormat;
  readonly effort: Effort;
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
}
