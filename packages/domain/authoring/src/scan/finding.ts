/** What a scan finds: a prompt that lives in code as a literal. */
import type { SourceLanguage } from "./source/source-module.ts";
import type { Span } from "./source/source-value.ts";

/** How its text is written. */
export const FINDING_KINDS = ["literal", "template", "f-string", "concatenation", "format"] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface FindingPlaceholder {
  /** A name for the variable, such as `ticketBody`; unique within the finding. */
  readonly name: string;
  /** The expression in the code, such as `ticket.body`. */
  readonly source: string;
}

/** Where a text goes: a call of a model's client. */
export interface FindingUse {
  /** Of the call. */
  readonly file: string;
  readonly line: number;
  readonly span: Span;
  /** Such as `openai.chat`, `anthropic.messages`, `ai.generateText`, `langchain.ChatPromptTemplate`. */
  readonly client: string;
  /** The message's role; null where the client says none. */
  readonly role: "system" | "user" | "assistant" | null;
  /** Position among the messages of the call; null where it has none. */
  readonly message: number | null;
  /** Null where it is not known. */
  readonly model: string | null;
  /** Parameters that are written out, such as temperature. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface Finding {
  /** Stable across moves of lines and files: SHA-256 (first 16 hex digits) over the text without layout. */
  readonly id: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly endLine: number;
  readonly span: Span;
  readonly language: SourceLanguage;
  readonly kind: FindingKind;
  /** In (0, 1]. */
  readonly confidence: number;
  /** Why it is taken for a prompt, in words. */
  readonly reason: string;
  /** In the template language: placeholders as `{{name}}`, other double braces escaped. */
  readonly text: string;
  readonly placeholders: readonly FindingPlaceholder[];
  /** Client, model and role of its only or first use; null where none was found. */
  readonly client: string | null;
  readonly model: string | null;
  readonly role: FindingUse["role"];
  /** Every call that it was seen to go to. */
  readonly uses: readonly FindingUse[];
  /** The name it is bound to, such as `SYSTEM_PROMPT`; null for one written in place. */
  readonly name: string | null;
  /** Shared by findings that are near-duplicates of each other: `c1`, `c2`, …; null for one alone. */
  readonly cluster: string | null;
}
