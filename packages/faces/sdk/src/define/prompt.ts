/** The handle of a declared prompt, and the list of all that this process declared. */
import { HarnessError, type MetadataData } from "@colophon/kernel";
import type { Declaration } from "@colophon/runtime";

declare const variables: unique symbol;

/** A declared prompt; `Variables` is what the caller of `record` and `render` passes. */
export interface Prompt<Variables = Record<string, unknown>> {
  readonly key: string;
  /** Hash of the text in the code (64 hex digits). */
  readonly hash: string;
  readonly [variables]?: (given: Variables) => void;
}

/** A prompt whatever its variables are. */
export type AnyPrompt = Prompt<never>;

/** Facts beside the text, as far as the code states them. */
export type PromptMetadata = Partial<Omit<MetadataData, "key">>;

interface Declared {
  readonly declaration: Declaration;
  readonly metadata: PromptMetadata | null;
}

const inside = new WeakMap<AnyPrompt, Declared>();

/** Wraps a declaration in its public handle. */
export function promptFrom<Variables>(declared: Declared): Prompt<Variables> {
  const { key, hash } = declared.declaration;
  const prompt: Prompt<Variables> = Object.freeze({ key, hash });
  inside.set(prompt as AnyPrompt, declared);
  return prompt;
}

/** What a handle stands for. */
export function declaredOf(prompt: AnyPrompt): Declared {
  const declared = inside.get(prompt);
  if (declared === undefined) {
    throw new HarnessError(
      "prompt-invalid",
      "This is no prompt of definePrompt() or get(); declare it with one of them.",
    );
  }
  return declared;
}

/** Every prompt of this process, told to those who open a store later. */
class DefinedPrompts {
  readonly #byKey = new Map<string, AnyPrompt>();
  readonly #listeners = new Set<(prompt: AnyPrompt) => void>();

  add(prompt: AnyPrompt): void {
    const known = this.#byKey.get(prompt.key);
    if (known !== undefined && !same(known, prompt)) throw conflict(prompt);
    this.#byKey.set(prompt.key, prompt);
    for (const listener of this.#listeners) listener(prompt);
  }

  list(): readonly AnyPrompt[] {
    return [...this.#byKey.values()];
  }

  /** Tells of prompts declared from now on; returns how to stop it. */
  listen(listener: (prompt: AnyPrompt) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function same(a: AnyPrompt, b: AnyPrompt): boolean {
  const [one, other] = [declaredOf(a).declaration, declaredOf(b).declaration];
  return one.hash === other.hash && one.callerHash === other.callerHash;
}

function conflict(prompt: AnyPrompt): HarnessError {
  return new HarnessError(
    "declaration-conflict",
    `"${prompt.key}" is declared twice in this process with different content; keep one definePrompt() and import it.`,
  );
}

export const defined = new DefinedPrompts();
