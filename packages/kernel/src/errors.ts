/** The one error class of the house and the table of its codes. */
import { errorMessage } from "./say.ts";

/** Every code an error can carry; docs/errors.md explains each one to a reader. */
export const ERROR_CODES = [
  "application-unknown",
  "call-finished",
  "declaration-conflict",
  "environment-unknown",
  "eval-set-unknown",
  "evidence-missing",
  "execution-unknown",
  "history-unexpected",
  "input-malformed",
  "job-unknown",
  "key-unknown",
  "misfit",
  "node-too-old",
  "not-allowed",
  "not-signed-in",
  "nothing-to-roll-back",
  "outcome-invalid",
  "partial-cycle",
  "partial-missing",
  "project-unknown",
  "prompt-invalid",
  "reason-missing",
  "schema-unsupported",
  "snapshot-unknown",
  "store-busy",
  "store-corrupt",
  "store-newer",
  "store-read-only",
  "store-unavailable",
  "store-unsupported",
  "template-syntax",
  "time-invalid",
  "too-large",
  "too-many-requests",
  "usage",
  "variable-extra",
  "variable-invalid",
  "variable-missing",
  "variable-type",
  "version-unknown",
  "wire-missing",
  "withdrawn",
] as const;

/** What errors of every copy of this package are called, and no others. */
const NAME = "HarnessError";

/** A code of the table; compare by it. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Further facts of an error, never contents or secrets. */
export interface ErrorDetails {
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * An error with a code to match by. Compare `code`, never `instanceof`: the SDK and the CLI each
 * bundle this class, so two copies of it meet in one process.
 */
export class HarnessError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, more: ErrorDetails = {}) {
    // A cause that is undefined would be printed as one.
    super(errorMessage(code, message), more.cause === undefined ? undefined : more);
    this.name = NAME;
    this.code = code;
    this.details = more.details;
  }
}

/**
 * The code of an error thrown by any copy of this package, else undefined.
 *
 * @example
 * try {
 *   call.render({ ticket });
 * } catch (error) {
 *   if (errorCodeOf(error) === "variable-missing") console.error("the ticket is empty");
 * }
 */
export function errorCodeOf(error: unknown): ErrorCode | undefined {
  const { name, code } = (error ?? {}) as { readonly name?: unknown; readonly code?: ErrorCode };
  return name === NAME ? code : undefined;
}
