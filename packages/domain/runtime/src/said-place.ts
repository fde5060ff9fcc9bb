/** Where a call stands as the application says it, as far as a row can hold that. */
import type { ExecutionId } from "@colophon/kernel";
import type { ResolveContext } from "./declaration.ts";

const TRACE = /^[0-9a-f]{32}$/;
const SPAN = /^[0-9a-f]{16}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A context's fields of traces are whatever the application passed; what is no such field is left out. */
export function saidPlace(
  context: ResolveContext,
): Pick<ResolveContext, "trace" | "span" | "parent" | "step"> {
  const { trace, span, parent, step } = context;
  return {
    trace: matching(trace, TRACE),
    span: matching(span, SPAN),
    parent: matching(parent, UUID) as ExecutionId | undefined,
    step: Number.isSafeInteger(step) ? step : undefined,
  };
}

function matching(value: unknown, pattern: RegExp): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.toLowerCase();
  return pattern.test(text) ? text : undefined;
}
