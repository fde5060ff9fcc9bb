/** Counts how often each content was seen, so that repeats draw anew and arrival order stays without effect. */

import { hashText } from "../seeded-random.ts";

/** Beyond this many different contents the oldest are forgotten and start again at 0. */
const MAX_CONTENTS = 1_000_000;

export interface OccurrenceCounter {
  /** How often this content was counted before. */
  next(content: string): number;
}

export function createOccurrenceCounter(): OccurrenceCounter {
  const counts = new Map<number, number>();
  return {
    next(content) {
      const key = hashText(content);
      const before = counts.get(key) ?? 0;
      counts.set(key, before + 1);
      if (counts.size > MAX_CONTENTS) {
        const oldest = counts.keys().next();
        if (!oldest.done) counts.delete(oldest.value);
      }
      return before;
    },
  };
}
