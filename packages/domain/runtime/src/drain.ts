/** Consumes a result that nobody else reads, whatever client it is of. */
import { type AnyRecord, isRecord } from "./answer.ts";

/**
 * Reads a result to its end: a promise, a stream, a helper that drives itself, a response's body.
 *
 * @throws what the result fails with.
 */
export async function drain(sent: unknown): Promise<void> {
  hush(sent);
  const result: unknown = await sent;
  if (!isRecord(result)) return;
  hush(result);
  // `withResponse()` of the OpenAI and Anthropic clients has the answer in `data`.
  if ("data" in result && "response" in result && "request_id" in result) return drain(result.data);
  if (isSelfDriven(result)) return result.done();
  if (isConsumable(result)) {
    await result.consumeStream({ onError: ignore });
    return;
  }
  const stream = streamOf(result);
  if (stream === undefined) return;
  for await (const _ of stream);
}

/**
 * Hears the failures of promises that a plain result is made of: the application, which would have heard
 * them, never sees it, and a failure that nobody hears ends the process.
 */
function hush(result: unknown, levels = 3): void {
  if (result instanceof Promise) result.catch(ignore);
  else if (levels > 0 && isPlain(result)) {
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(result))) hush(value, levels - 1);
  }
}

function isPlain(value: unknown): value is object {
  return Array.isArray(value) || (isRecord(value) && Object.getPrototypeOf(value) === Object.prototype);
}

/** The helpers of the OpenAI and Anthropic clients, which need no reader. */
function isSelfDriven(result: AnyRecord): result is AnyRecord & { done(): Promise<void> } {
  return typeof result.done === "function" && typeof result._emit === "function";
}

/** What `streamText` of the AI SDK returns. */
function isConsumable(
  result: AnyRecord,
): result is AnyRecord & { consumeStream(options: object): PromiseLike<void> } {
  return typeof result.consumeStream === "function";
}

function streamOf(result: AnyRecord): AsyncIterable<unknown> | undefined {
  if (isStream(result)) return result;
  const { body, bodyUsed } = result;
  if (isStream(body)) return bodyUsed === true ? undefined : body;
  // What `streamObject` of the AI SDK returns; its getter may be asked once.
  const { fullStream } = result;
  return isStream(fullStream) ? fullStream : undefined;
}

function isStream(value: unknown): value is AsyncIterable<unknown> & AnyRecord {
  return (
    isRecord(value) && typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === "function"
  );
}

function ignore(): void {}
