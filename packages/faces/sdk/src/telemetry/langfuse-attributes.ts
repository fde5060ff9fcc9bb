/** What Langfuse reads of a span, in the names of its own OpenTelemetry endpoint. */
import { type ExecutionDraft, type TokenUsage, timeOfId } from "@colophon/kernel";
import type { SpanStart } from "@colophon/runtime";
import type { AttributeValue } from "./otel-api.ts";

type MaybeKnown = Readonly<Record<string, AttributeValue | null>>;

/** Langfuse links a prompt by its name and a whole number; a text that only the code knows has none. */
export function langfuseStart({ resolution: { key, version }, model }: SpanStart): MaybeKnown {
  return {
    "langfuse.observation.type": "generation",
    "langfuse.observation.model.name": model.id,
    "langfuse.observation.prompt.name": version === null ? null : key,
    "langfuse.observation.prompt.version": version,
  };
}

/** Contents are what the capture policy let through into the row, and nothing else. */
export function langfuseEnd(row: ExecutionDraft): MaybeKnown {
  const usage = usageDetails(row.tokens);
  return {
    "langfuse.observation.model.name": row.answeringModel,
    "langfuse.observation.usage_details": Object.keys(usage).length === 0 ? null : JSON.stringify(usage),
    "langfuse.observation.completion_start_time":
      row.firstToken === null ? null : new Date(timeOfId(row.id) + row.firstToken).toISOString(),
    "langfuse.observation.input": row.contents?.variables ?? null,
    "langfuse.observation.output": row.contents?.output ?? null,
  };
}

/** Langfuse prices each kind by itself and adds them up, so each token is named once. */
function usageDetails(tokens: TokenUsage): Readonly<Record<string, number>> {
  const { input, output, reasoning, cacheRead, cacheWrite } = tokens;
  const kinds = {
    input: input === null ? null : Math.max(0, input - (cacheRead ?? 0) - (cacheWrite ?? 0)),
    output: output === null ? null : Math.max(0, output - (reasoning ?? 0)),
    input_cache_read: cacheRead,
    input_cache_creation: cacheWrite,
    output_reasoning_tokens: reasoning,
  };
  return Object.fromEntries(Object.entries(kinds).filter(([, count]) => count !== null)) as Record<
    string,
    number
  >;
}
