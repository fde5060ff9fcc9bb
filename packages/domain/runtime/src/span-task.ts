/** Runs a task within a span that ends when the task does. */
import { whenSettled } from "./observe.ts";
import type { TraceSpan } from "./tracing.ts";

/** Returns exactly what the task returned; a promise keeps the span open until it has settled. */
export function spanTask<R>(span: TraceSpan, task: () => R): R {
  const end = (): "stored" => {
    span.end();
    return "stored";
  };
  const fail = (error: unknown): "stored" => {
    span.end({ error });
    return "stored";
  };
  let result: R;
  try {
    result = span.within(task);
  } catch (error) {
    fail(error);
    throw error;
  }
  const run = { sawHost: ignore, sawFirstToken: ignore, end, fail, abort: end };
  try {
    if (isPromise(result)) whenSettled(result, { onSettled: end, onFailed: fail, run });
    else end();
  } catch {
    // What cannot be looked at, or watched because it is frozen, is the task's result all the same.
    end();
  }
  return result;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}

function ignore(): void {}
