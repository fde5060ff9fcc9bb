/** Failures as Google's generative language API words them. */

import { type FailureKind, signed, type WireFailure } from "../wire-format.ts";

const STATUSES: Readonly<Record<FailureKind, string>> = {
  invalid: "INVALID_ARGUMENT",
  "not-found": "NOT_FOUND",
  "rate-limited": "RESOURCE_EXHAUSTED",
  server: "INTERNAL",
  overloaded: "UNAVAILABLE",
};

export function writeGoogleFailure({
  status,
  kind,
  message,
}: WireFailure): Readonly<Record<string, unknown>> {
  return { error: { code: status, message: signed(message), status: STATUSES[kind] } };
}
