/** A prompt cache that keeps what it is told to: the prompt up to each breakpoint, for some minutes. */

import { hashText } from "../seeded-random.ts";
import { countPromptTokens } from "../token-count.ts";

/** A block of the prompt in its order; `keepMs` marks a breakpoint after it. */
export interface PromptSegment {
  /** Whose it is; equal texts of different owners are different prompts. */
  readonly owner: string;
  readonly text: string;
  readonly keepMs?: number;
}

export interface CacheUse {
  readonly readTokens: number;
  readonly writtenTokens: number;
}

export interface BreakpointCache {
  /** What of the prompt was kept before, and what is kept from now on. */
  touch(model: string, segments: readonly PromptSegment[], now: number): CacheUse;
}

/** Shorter prompts are not kept. */
const SMALLEST_PROMPT = 1_024;
const MAX_ENTRIES = 100_000;

interface Boundary {
  readonly hash: number;
  readonly tokens: number;
  readonly keepMs: number | undefined;
}

/** Each hash goes on from the one before it: two prompts share one where all before it is the same. */
function boundariesOf(model: string, segments: readonly PromptSegment[]): readonly Boundary[] {
  let hash = hashText(model);
  let tokens = 0;
  return segments.map(({ owner, text, keepMs }) => {
    hash = hashText(`${hash} ${owner}\n${text}`);
    tokens += countPromptTokens([text]) - countPromptTokens([]);
    return { hash, tokens, keepMs };
  });
}

export function createBreakpointCache(): BreakpointCache {
  const expiries = new Map<number, number>();
  const keep = (hash: number, until: number): void => {
    expiries.delete(hash);
    expiries.set(hash, until);
    const oldest = expiries.keys().next();
    if (expiries.size > MAX_ENTRIES && !oldest.done) expiries.delete(oldest.value);
  };
  return {
    touch(model, segments, now) {
      const boundaries = boundariesOf(model, segments);
      const last = boundaries.findLastIndex(({ keepMs }) => keepMs !== undefined);
      const cacheable = boundaries.slice(0, last + 1).filter(({ tokens }) => tokens >= SMALLEST_PROMPT);
      const read = cacheable.findLast(({ hash }) => (expiries.get(hash) ?? 0) > now);
      for (const { hash, keepMs } of cacheable) if (keepMs !== undefined) keep(hash, now + keepMs);
      const readTokens = read?.tokens ?? 0;
      return { readTokens, writtenTokens: (cacheable.at(-1)?.tokens ?? 0) - readTokens };
    },
  };
}
