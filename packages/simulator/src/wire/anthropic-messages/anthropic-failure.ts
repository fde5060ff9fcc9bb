/** Failures as the Anthropic API words them. */

import { signed, type WireFailure } from "../wire-format.ts";

/** Overload has a status of its own there; 503 is an error like others. */
function typeOf({ kind, status }: WireFailure): string {
  if (kind === "invalid") return "invalid_request_error";
  if (kind === "not-found") return "not_found_error";
  if (kind === "rate-limited") return "rate_limit_error";
  return status === 529 ? "overloaded_error" : "api_error";
}

export function writeAnthropicFailure(
  failure: WireFailure,
  requestId: string,
): Readonly<Record<string, unknown>> {
  const error = { type: typeOf(failure), message: signed(failure.message) };
  return { type: "error", error, request_id: requestId };
}
