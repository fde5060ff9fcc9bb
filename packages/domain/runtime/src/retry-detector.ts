/** Notices when the same thing is asked again in a session: the first answer was not good enough. */
import type { EpochMs, ExecutionId } from "@colophon/kernel";

interface Asked {
  readonly execution: ExecutionId;
  readonly at: EpochMs;
  readonly words: ReadonlySet<string>;
}

export interface RetryRule {
  /** Milliseconds within which asking again counts. */
  readonly within: number;
  /** Share of common words (Dice) from which two inputs count as the same question, in [0, 1]. */
  readonly similarity: number;
}

const DEFAULT_RETRY_RULE: RetryRule = { within: 120_000, similarity: 0.8 };

/** Sessions (and in each the media asked about) remembered; the longest unused is forgotten first. */
const SESSION_LIMIT = 1_000;
/** Words of an input that are compared: enough for a question, bounded for a book. */
const WORD_LIMIT = 400;
const WORD = /[\p{L}\p{N}]+/gu;

export interface AskedAgain {
  readonly key: string;
  readonly session: string;
  readonly execution: ExecutionId;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Hashes of the media asked about; other media are another question. */
  readonly media?: string | undefined;
  readonly at: EpochMs;
}

export interface RetryDetector {
  /** Remembers a call; returns the execution that it asks again, if any. */
  asked(call: AskedAgain): ExecutionId | undefined;
}

/** A detector that keeps bounded memory and no text beyond the words of each session's last input. */
export function createRetryDetector(rule: RetryRule = DEFAULT_RETRY_RULE): RetryDetector {
  const bySession = new Map<string, Asked>();
  // Who comes back goes to the end of the map, so one walk meets the longest unused all its life.
  const longestUnused = bySession.keys();
  return {
    asked({ key, session, execution, variables, media = "", at }) {
      const slot = `${key}\n${session}\n${media}`;
      const words = wordsOf(variables);
      // The medium alone may be the whole question.
      if (media !== "") words.add(media);
      const before = bySession.get(slot);
      bySession.delete(slot);
      bySession.set(slot, { execution, at, words });
      if (bySession.size > SESSION_LIMIT) bySession.delete(longestUnused.next().value as string);
      if (before === undefined || at - before.at > rule.within) return undefined;
      return dice(before.words, words) >= rule.similarity ? before.execution : undefined;
    },
  };
}

function wordsOf(variables: Readonly<Record<string, unknown>>): Set<string> {
  const words = new Set<string>();
  for (const value of Object.values(variables)) {
    const text = typeof value === "string" ? value : plainText(value);
    for (const word of text.slice(0, 20_000).toLowerCase().match(WORD) ?? []) {
      if (words.size >= WORD_LIMIT) return words;
      words.add(word);
    }
  }
  return words;
}

/** What cannot be written as JSON has no words to compare. */
function plainText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return typeof value === "bigint" ? String(value) : "";
  }
}

function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size + b.size === 0) return 0;
  let common = 0;
  for (const word of a) if (b.has(word)) common++;
  return (2 * common) / (a.size + b.size);
}
