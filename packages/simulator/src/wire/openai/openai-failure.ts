/** Failures as the OpenAI API words them. */

import { type FailureKind, signed, type WireFailure } from "../wire-format.ts";

const TYPES: Readonly<Record<FailureKind, string>> = {
  invalid: "invalid_request_error",
  "not-found": "invalid_request_error",
  "rate-limited": "requests",
  server: "server_error",
  overloaded: "service_unavailable_error",
};

export function writeOpenaiFailure({
  kind,
  message,
  param,
  code,
}: WireFailure): Readonly<Record<string, unknown>> {
  return { error: { message: signed(message), type: TYPES[kind], param, code } };
}
