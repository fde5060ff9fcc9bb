/** The handle of a declared prompt, and the list of all that this process declared. */
import { HarnessError, type MetadataData, say } from "@colophon/kernel";
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

/** Told of prompts as they are declared. */
type Listener = (prompt: AnyPrompt) => void;

/** What all copies of this module in one process share: frameworks bundle it more than once. */
interface Shared {
  readonly inside: WeakMap<AnyPrompt, Declared>;
  readonly byKey: Map<string, AnyPrompt>;
  readonly listeners: Set<Listener>;
}

const PLACE = Symbol.for("colophon.defined.1");

const platform = globalThis as typeof globalThis & {
  [PLACE]?: Shared;
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
};

platform[PLACE] ??= { inside: new WeakMap(), byKey: new Map(), listeners: new Set() };
const { inside, byKey, listeners } = platform[PLACE];

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
      say`This is no prompt of definePrompt() or get(); declare it with one of them.`,
    );
  }
  return declared;
}

/** Every prompt of this process, told to those who open a store later. */
export const defined = {
  /** @throws HarnessError `declaration-conflict` for a key with two contents, except in development. */
  add(prompt: AnyPrompt): void {
    const { key, hash, callerHash } = declaredOf(prompt).declaration;
    const known = byKey.get(key);
    const other = known && declaredOf(known).declaration;
    // Where modules are evaluated again after an edit, the newer declaration counts.
    const isDevelopment = platform.process?.env?.NODE_ENV === "development";
    if (other && (other.hash !== hash || other.callerHash !== callerHash) && !isDevelopment) {
      throw new HarnessError(
        "declaration-conflict",
        say`"${key}" is declared twice in this process with different content; keep one definePrompt() and import it.`,
      );
    }
    byKey.set(key, prompt);
    for (const listener of listeners) listener(prompt);
  },

  list: (): readonly AnyPrompt[] => [...byKey.values()],

  /** Tells of prompts declared from now on; returns how to stop it. */
  listen(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
