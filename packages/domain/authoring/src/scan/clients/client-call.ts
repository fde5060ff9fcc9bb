/** Which calls take prompts, as data: what is called, and where in its arguments the texts and the model stand. */
import type { FieldStyle } from "../trace/split-fields.ts";

export type PromptRole = "system" | "user" | "assistant";

/** An argument that takes a prompt. */
export interface PromptSlot {
  /**
   * Where it stands, the first that is there: an option or keyword by its name, a path into it such as
   * `config.systemInstruction`, or a position such as `0`.
   */
  readonly at: readonly string[];
  /** A text, or messages with roles of their own. */
  readonly as: "text" | "messages";
  /** Of a text, and of messages that say none. */
  readonly role: PromptRole | null;
}

export interface ClientCall {
  /** What it is called in findings, such as `openai.chat`. */
  readonly client: string;
  /** The last steps of what is called, such as `chat.completions.create`; `new` or not is the same. */
  readonly calls: readonly string[];
  /** Packages that it comes from, and whatever begins so: `langchain` is `langchain_core.prompts` too. */
  readonly packages: readonly string[];
  /**
   * Where the package is not in sight, options of which one must be there for the name alone to tell; absent where
   * the name says too little.
   */
  readonly tellingOptions?: readonly string[];
  /** What the object must be called that a common name such as `invoke` is called on. */
  readonly receiver?: RegExp;
  readonly prompts: readonly PromptSlot[];
  /** Where the model stands; `model` when absent. */
  readonly model?: readonly string[];
  /** How the library itself fills fields in the text. */
  readonly fields?: FieldStyle;
  /** It makes a template or a message which another call sends, so a use of that call says more. */
  readonly isCarrier?: true;
}

/** A function or class whose docstring, or what it returns, is a prompt. */
export interface DecoratedPrompt {
  readonly client: string;
  readonly packages: readonly string[];
  /** Last steps of its decorator; none for a class. */
  readonly decorators?: readonly string[];
  /** Last steps of the class that it extends. */
  readonly bases?: readonly string[];
  readonly takes: "docstring" | "return";
  readonly role: PromptRole;
  readonly fields?: FieldStyle;
}

export function text(role: PromptRole | null, ...at: readonly string[]): PromptSlot {
  return { at, as: "text", role };
}

export function messages(...at: readonly string[]): PromptSlot {
  return { at, as: "messages", role: "user" };
}
