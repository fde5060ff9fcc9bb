/** How many tokens a call can use at most, before it is made. */
import type { ModelRequest, TokenUsage } from "@colophon/kernel";

/** Tokens that a call uses at most. */
export interface TokenBound {
  readonly input: number;
  readonly output: number;
}

/** What a version's parameters call the limit of an answer. */
const LIMITS = ["max_output_tokens", "max_completion_tokens", "max_tokens", "maxOutputTokens"];
/** What an answer without a declared limit is taken to be at most, before any has been seen. */
const UNSEEN_OUTPUT = 4_096;
const LEAST_OUTPUT = 256;
/** Answers of a model before its own lengths are trusted. */
const ENOUGH = 20;
const PER_MESSAGE = 16;
/** Providers charge an image or document by its size; none charges more than this for one of usual size. */
const PER_MEDIUM = 8_192;
const MARGIN = 1.25;

interface Seen {
  answers: number;
  /** The most input tokens to a byte. */
  density: number;
  /** The most output tokens. */
  output: number;
}

/**
 * A token stands for at least one byte of UTF-8, so bytes bound the input; an answer is bounded by the limit
 * that the version declares. As answers come in, the densest input and (where no limit is declared) twice the
 * longest answer take their place. Only a declared limit is a promise of the provider's.
 */
export class CallBounds {
  readonly #seen = new Map<string, Seen>();

  boundOf(request: ModelRequest): TokenBound {
    const { bytes, fixed } = sizeOf(request);
    const seen = this.#seen.get(nameOf(request));
    const known = seen !== undefined && seen.answers >= ENOUGH ? seen : undefined;
    const density = Math.min(1, (known?.density ?? 1) * MARGIN);
    const declared = declaredLimit(request);
    const guessed = known === undefined ? UNSEEN_OUTPUT : Math.max(LEAST_OUTPUT, 2 * known.output);
    return { input: Math.ceil(bytes * density) + fixed, output: declared ?? guessed };
  }

  /** Learns from an answer. */
  observe(request: ModelRequest, tokens: TokenUsage): void {
    const { bytes } = sizeOf(request);
    const name = nameOf(request);
    const seen = this.#seen.get(name) ?? { answers: 0, density: 0, output: 0 };
    seen.answers += 1;
    seen.density = Math.max(seen.density, (tokens.input ?? 0) / Math.max(1, bytes));
    seen.output = Math.max(seen.output, tokens.output ?? 0);
    this.#seen.set(name, seen);
  }
}

/** The limit that a version declares for its answers; null where it declares none. */
export function declaredLimit({ model }: Pick<ModelRequest, "model">): number | null {
  const { parameters = {} } = model;
  const limit = LIMITS.map((name) => parameters[name]).find((value) => typeof value === "number");
  return typeof limit === "number" && limit > 0 ? limit : null;
}

function nameOf({ model }: ModelRequest): string {
  return `${model.provider}/${model.id}`;
}

interface Size {
  readonly bytes: number;
  /** Tokens beside those of the bytes. */
  readonly fixed: number;
}

const fixedBytes = new WeakMap<object, number>();

function sizeOf({ text, messages }: ModelRequest): Size {
  let beside = fixedBytes.get(text);
  if (beside === undefined) {
    beside = bytesOf(JSON.stringify([text.tools ?? [], text.output ?? null]));
    fixedBytes.set(text, beside);
  }
  let bytes = beside;
  let fixed = PER_MESSAGE;
  for (const { content, parts } of messages) {
    bytes += bytesOf(content);
    fixed += PER_MESSAGE;
    for (const part of parts ?? []) if (part.type === "media") fixed += PER_MEDIUM;
  }
  return { bytes, fixed };
}

/** The bytes of a text in UTF-8, at most: a UTF-16 unit is at most three of them. */
function bytesOf(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1;
  }
  return bytes;
}
