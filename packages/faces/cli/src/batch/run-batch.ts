/** Runs a batch: every line that is not finished is called once, a few at a time. */
import type { PromptCalls } from "@colophon/harness";
import type { ExecutionId } from "@colophon/kernel";
import type OpenAI from "openai";
import type { BatchLine } from "./batch-input.ts";
import type { BatchOutput, BatchResult } from "./batch-output.ts";
import { callWithRetries, type RetryPolicy } from "./call-with-retries.ts";

export interface BatchParts {
  readonly calls: PromptCalls;
  readonly client: OpenAI;
  readonly model: string;
  readonly lines: AsyncIterable<BatchLine>;
  readonly output: BatchOutput;
  readonly concurrency: number;
  readonly retry: RetryPolicy;
  /** Aborted: lines begun are brought to their end, no other is taken up. */
  readonly signal: AbortSignal | undefined;
  readonly onFinished: () => void;
}

/** Never holds more lines than are being called. */
export async function runBatch(parts: BatchParts): Promise<void> {
  const lines = parts.lines[Symbol.asyncIterator]();
  const { finished } = parts.output;
  // Generators queue concurrent calls of next(), so the workers share one reader.
  const worker = async (): Promise<void> => {
    while (parts.signal?.aborted !== true) {
      const next = await lines.next();
      if (next.done === true) return;
      if (finished.has(next.value.line)) continue;
      parts.output.append(await callLine(next.value, parts));
      parts.onFinished();
    }
  };
  try {
    await Promise.all(Array.from({ length: parts.concurrency }, worker));
  } finally {
    await lines.return?.(undefined);
  }
}

async function callLine(line: BatchLine, parts: BatchParts): Promise<BatchResult> {
  const call = parts.calls.resolve(line.context);
  const result = (output: string | null, error: string | null): BatchResult => {
    const executionId: ExecutionId | null = call.executionId;
    return { line: line.line, executionId, version: call.version, output, error };
  };
  try {
    const answer = await callWithRetries(parts.retry, (attempt) =>
      call.record(
        line.variables,
        (prompt) => parts.client.chat.completions.create({ ...prompt.openai(), model: parts.model }),
        { attempt },
      ),
    );
    const [choice] = answer.choices;
    const { content = null, refusal, tool_calls: tools } = choice?.message ?? {};
    if (content === null && tools !== undefined) return result(JSON.stringify(tools), null);
    return result(content ?? refusal ?? null, null);
  } catch (error) {
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return result(null, what.replaceAll(/\s+/g, " ").slice(0, 500));
  }
}
