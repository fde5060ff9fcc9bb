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

/** Facts beside the text, as far as the code states them; its models as they are written there. */
export interface StatedFacts extends Partial<Omit<MetadataData, "key" | "backup" | "routes">> {
  readonly backup?: unknown;
  readonly routes?: unknown;
}

/** What a handle stands for; a prompt of the registry states no facts. */
export interface Declared extends Declaration {
  readonly facts?: StatedFacts;
}

/** Told of prompts as they are declared. */
type Listener = (prompt: AnyPrompt) => void;

/** What all copies of this module in one process share: frameworks bundle it more than once. */
interface Shared {
  readonly byKey: Map<string, AnyPrompt>;
  readonly listeners: Set<Listener>;
}

/** Where a handle holds what it stands for, and the process its prompts; both out of sight. */
const PLACE = Symbol.for("colophon.defined.2");

const platform = globalThis as typeof globalThis & {
  [PLACE]?: Shared;
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
};

platform[PLACE] ??= { byKey: new Map(), listeners: new Set() };
const { byKey, listeners } = platform[PLACE];

/** Environment variables, as far as the platform has them. */
export function environmentVariables(): Readonly<Record<string, string | undefined>> {
  return platform.process?.env ?? {};
}

/** Wraps a declaration in its public handle. */
export function promptFrom<Variables>(declared: Declared): Prompt<Variables> {
  const { key, hash } = declared;
  return Object.freeze(Object.defineProperty({ key, hash }, PLACE, { value: declared }));
}

/** What a handle stands for. */
export function declaredOf(prompt: AnyPrompt): Declared {
  const declared = (prompt as { readonly [PLACE]?: Declared } | undefined)?.[PLACE];
  if (declared === undefined) {
    throw new HarnessError(
      "prompt-invalid",
      say`This is no prompt of definePrompt() or get(); declare it with one of them.`,
    );
  }
  return declared;
}

/**
 * Makes a prompt one of this process, and tells those who follow them.
 *
 * @throws HarnessError `declaration-conflict` for a key with two contents, except in development.
 */
export function addDefined(prompt: AnyPrompt): void {
  const { key } = prompt;
  const known = byKey.get(key);
  // Where modules are evaluated again after an edit, the newer declaration counts.
  const isDevelopment = environmentVariables().NODE_ENV === "development";
  if (known && contentOf(known) !== contentOf(prompt) && !isDevelopment) {
    throw new HarnessError(
      "declaration-conflict",
      say`"${key}" is declared twice in this process with different content; keep one definePrompt() and import it.`,
    );
  }
  byKey.set(key, prompt);
  for (const listener of listeners) listener(prompt);
}

function contentOf(prompt: AnyPrompt): string {
  return prompt.hash + declaredOf(prompt).callerHash;
}

/** Every prompt of this process. */
export function listDefined(): readonly AnyPrompt[] {
  return [...byKey.values()];
}

/** Tells of every prompt of this process, now and as they are declared; returns how to stop it. */
export function followDefined(listener: Listener): () => void {
  for (const prompt of byKey.values()) listener(prompt);
  listeners.add(listener);
  return () => listeners.delete(listener);
}
