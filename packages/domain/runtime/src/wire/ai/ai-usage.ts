/** Reads the usage of the AI SDK, which each of its versions and specifications shapes another way. */
import type { TokenUsage } from "@colophon/kernel";
import { countOf, isRecord, NO_USAGE, recordOf } from "../../answer.ts";

/**
 * Models of specification v3 and v4 say `{ inputTokens: { total, … } }`, those of v2 plain numbers,
 * results numbers with details beside them, embeddings `{ tokens }`.
 */
export function aiUsage(usage: unknown): TokenUsage {
  if (!isRecord(usage)) return NO_USAGE;
  const input = recordOf(usage.inputTokens);
  const output = recordOf(usage.outputTokens);
  const inputDetails = recordOf(usage.inputTokenDetails);
  const outputDetails = recordOf(usage.outputTokenDetails);
  return {
    input: countOf(input.total ?? usage.inputTokens ?? usage.tokens),
    output: countOf(output.total ?? usage.outputTokens),
    reasoning: countOf(output.reasoning ?? outputDetails.reasoningTokens ?? usage.reasoningTokens),
    cacheRead: countOf(input.cacheRead ?? inputDetails.cacheReadTokens ?? usage.cachedInputTokens),
    cacheWrite: countOf(input.cacheWrite ?? inputDetails.cacheWriteTokens),
  };
}

/** Both together; what neither says stays unknown. */
export function addUsage(left: TokenUsage, right: TokenUsage): TokenUsage {
  const sum = (kind: keyof TokenUsage): number | null =>
    left[kind] === null ? right[kind] : left[kind] + (right[kind] ?? 0);
  return {
    input: sum("input"),
    output: sum("output"),
    reasoning: sum("reasoning"),
    cacheRead: sum("cacheRead"),
    cacheWrite: sum("cacheWrite"),
  };
}
