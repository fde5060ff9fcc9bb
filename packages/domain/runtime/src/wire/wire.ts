/** A wire, the third layer apart from resolve and render: how one client's arguments are written and its answers read. */
import type { Message, ModelChoice, VersionText } from "@colophon/kernel";
import type { AnswerReader } from "../answer.ts";
import type { Ending, Recording } from "../recording.ts";

/** What a wire writes arguments from. */
export interface WirePrompt {
  readonly messages: readonly Message[];
  readonly model: ModelChoice;
  readonly text: VersionText;
  /** The `record` that handed the prompt out; null for a prompt that was only rendered or begun by hand. */
  readonly recording: Recording | null;
}

/** Writes a client's arguments; what the application asks for besides comes in `options`. */
export type ArgumentsWriter = (prompt: WirePrompt, options: never) => object;

/**
 * Watches a result that is neither an answer nor a plain stream: one that drives itself and tells
 * listeners, or one whose parts are read through methods of its own.
 */
export interface ResultWatcher {
  matches(result: object): boolean;
  /** Attaches to the result, which must stay as its client made it. */
  watch(result: object, watched: WatchedResult): void;
}

/** What a watcher writes into. */
export interface WatchedResult {
  /** The execution of the result as a whole. */
  readonly run: Ending;
  /** For results of several provider calls that can be told apart. */
  readonly recording: Recording;
}

/** One client's shapes. */
export interface Wire {
  /** Writers of arguments, by the method that asks for them: `p.NAME()`. */
  readonly writers: Readonly<Partial<Record<WriterName, ArgumentsWriter>>>;
  readonly readers: readonly AnswerReader[];
  readonly watchers?: readonly ResultWatcher[];
}

export type WriterName = "openai" | "responses" | "anthropic" | "ai";
