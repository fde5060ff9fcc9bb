/** Runs a batch: every line that is not finished is called once, a few at a time. */
import type { CallPace, PromptCalls } from "@colophon/harness";
import type { Ask } from "./ask.ts";
import type { BatchLine } from "./batch-input.ts";
import type { BatchOutput, BatchResult } from "./batch-output.ts";
import { callWithRetries, type RetryPolicy } from "./call-with-retries.ts";
import { SilenceLimit } from "./silence-limit.ts";
import type { Trouble } from "./trouble.ts";

export interface BatchParts {
  readonly calls: PromptCalls;
  /** The client of a model's provider. */
  readonly askOf: (provider: string) => Promise<Ask>;
  readonly stream: boolean;
  readonly lines: AsyncIterable<BatchLine>;
  readonly output: BatchOutput;
  /** How many lines are begun at once; how many are called at once is the pace's to say. */
  readonly concurrency: number;
  readonly retry: RetryPolicy;
  readonly pace: CallPace;
  /** How long a provider may keep silent, in milliseconds. */
  readonly timeoutMs: number;
  /** Stops the work: calls under way are brought to their end, nothing else is tried. */
  readonly stop: AbortController;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly onFinished: () => void;
}

/** Why a batch stopped before its end, in words. */
export type Barred = string | null;

/** Never holds more lines than are begun. */
export async function runBatch(parts: BatchParts): Promise<Barred> {
  const { output, stop } = parts;
  const lines = parts.lines[Symbol.asyncIterator]();
  let barred: Barred = null;
  // Generators queue concurrent calls of next(), so the workers share one reader.
  const worker = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const next = await lines.next();
      if (next.done === true) return;
      if (output.finished.has(next.value.line)) continue;
      const end = await callLine(next.value, parts);
      if (end.kind === "left") return;
      if (end.kind === "barred") {
        barred ??= end.why;
        stop.abort();
        return;
      }
      output.append(end.result);
      parts.onFinished();
    }
  };
  const guarded = (): Promise<void> =>
    worker().catch((error: unknown) => {
      stop.abort();
      throw error;
    });
  // All of them are waited for: a result that came in is written down, whatever befell another line.
  const ends = await Promise.allSettled(Array.from({ length: parts.concurrency }, guarded));
  await lines.return?.(undefined);
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return barred;
}

type LineEnd =
  | { readonly kind: "result"; readonly result: BatchResult }
  | { readonly kind: "barred"; readonly why: string }
  /** Without a result: the next run calls the line again. */
  | { readonly kind: "left" };

async function callLine({ line, variables, context }: BatchLine, parts: BatchParts): Promise<LineEnd> {
  const { calls, askOf, retry, pace, onTrouble } = parts;
  const call = calls.resolve(context);
  const tried = async (attempt: number): Promise<string | null> => {
    const ask = await askOf(calls.modelOf(call).provider);
    return withinLimit(parts, ask, (send) => call.record(variables, send, { attempt }));
  };
  const end = await callWithRetries(retry, pace, { call: tried, onTrouble });
  const result = (output: string | null, error: string | null): LineEnd => {
    const { executionId, version } = call;
    return { kind: "result", result: { line, executionId, version, output, error } };
  };
  switch (end.kind) {
    case "answered":
      return result(end.answer, null);
    case "failed":
      return result(null, inWords(end.error));
    default:
      return end;
  }
}

async function withinLimit(
  { timeoutMs, stream }: BatchParts,
  ask: Ask,
  record: Parameters<Ask>[0]["record"],
): Promise<string | null> {
  const limit = new SilenceLimit(timeoutMs);
  const { signal } = limit;
  try {
    return await ask({ record, stream, signal, onPart: () => limit.heard() });
  } catch (error) {
    // Clients tell of an abort in words of their own, which do not say why.
    throw signal.aborted ? signal.reason : error;
  } finally {
    limit.end();
  }
}

function inWords(error: unknown): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return what.replaceAll(/\s+/g, " ").slice(0, 500);
}
