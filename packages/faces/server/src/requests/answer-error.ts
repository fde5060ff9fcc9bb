/** Says an error over HTTP: its status, its code and its sentence. */
import { type ErrorCode, errorCodeOf, type HarnessError } from "@colophon/kernel";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** An error as a client reads it. */
export interface ErrorDocument {
  readonly error: {
    /** One of the table's codes; `bug` for a fault of the server itself. */
    readonly code: ErrorCode | "bug";
    readonly message: string;
  };
}

export interface ErrorAnswer {
  readonly status: ContentfulStatusCode;
  readonly headers: Readonly<Record<string, string>>;
  readonly document: ErrorDocument;
}

const STATUS: Readonly<Partial<Record<ErrorCode, ContentfulStatusCode>>> = {
  "not-signed-in": 401,
  "not-allowed": 403,
  "evidence-missing": 409,
  "too-large": 413,
  "too-many-requests": 429,
  "store-corrupt": 500,
  "store-newer": 500,
  "store-read-only": 500,
  "store-busy": 503,
  "store-unavailable": 503,
};

/** Seconds after which a client may try again, where nobody knows better. */
const RETRY_AFTER = 2;

/** What happened inside is told to nobody but the log. */
const BUG: ErrorAnswer = {
  status: 500,
  headers: {},
  document: {
    error: { code: "bug", message: "The server failed; its log says why, under the request's id." },
  },
};

export function answerError(error: unknown): ErrorAnswer {
  const code = errorCodeOf(error);
  if (code === undefined) return BUG;
  const { message, details } = error as HarnessError;
  const status = STATUS[code] ?? (code.endsWith("-unknown") ? 404 : 400);
  return { status, headers: headersOf(status, details?.retryAfter), document: { error: { code, message } } };
}

function headersOf(status: number, retryAfter: unknown): Readonly<Record<string, string>> {
  if (status === 401) return { "www-authenticate": "Bearer" };
  if (status !== 429 && status !== 503) return {};
  return { "retry-after": String(typeof retryAfter === "number" ? retryAfter : RETRY_AFTER) };
}
