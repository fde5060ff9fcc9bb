/** Says how much of a prompt was sent before: whole blocks of 128 tokens, from 1,024 tokens on. */

import { hashText } from "../seeded-random.ts";
import { UNITS_PER_TOKEN } from "../token-count.ts";

const SMALLEST_PREFIX = 1_024;
const BLOCK = 128;
const MAX_PREFIXES = 100_000;

export interface PrefixCache {
  /** The tokens of the longest known prefix; the prompt's own prefixes are known afterwards. */
  touch(model: string, prompt: string): number;
}

/** Each hash goes on from the one before it, so that a prompt is read once however many prefixes it has. */
function prefixHashes(model: string, prompt: string): readonly number[] {
  const tokens = Math.floor(prompt.length / UNITS_PER_TOKEN);
  const hashes: number[] = [];
  let previous = hashText(model);
  let start = 0;
  for (let end = SMALLEST_PREFIX; end <= tokens; end += BLOCK) {
    previous = hashText(`${previous} ${prompt.slice(start * UNITS_PER_TOKEN, end * UNITS_PER_TOKEN)}`);
    hashes.push(previous);
    start = end;
  }
  return hashes;
}

export function createPrefixCache(): PrefixCache {
  const known = new Set<number>();
  return {
    touch(model, prompt) {
      const hashes = prefixHashes(model, prompt);
      const hits = hashes.findLastIndex((hash) => known.has(hash)) + 1;
      for (const hash of hashes) {
        known.delete(hash);
        known.add(hash);
      }
      for (const oldest of known) {
        if (known.size <= MAX_PREFIXES) break;
        known.delete(oldest);
      }
      return hits === 0 ? 0 : SMALLEST_PREFIX + (hits - 1) * BLOCK;
    },
  };
}
