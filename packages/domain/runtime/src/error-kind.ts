/** What kind of trouble a call met, told by the shape of its error: any client's, without knowing its classes. */
import { isRecord } from "./answer.ts";

/**
 * The troubles that another try or another model may help against: 429 (`rate-limit`), 503 and 529
 * (`overloaded`), other 5xx (`server`), 408 and time limits (`timeout`), no connection (`connection`).
 */
export type ErrorKind = "rate-limit" | "overloaded" | "server" | "timeout" | "connection";

export const ERROR_KINDS: readonly ErrorKind[] = [
  "rate-limit",
  "overloaded",
  "server",
  "timeout",
  "connection",
];

/** Causes below an error that are looked at: the `ai` SDK wraps a provider's error, and that fetch's. */
const DEPTH = 4;

/** By names, codes and types that clients, platforms and providers give their errors. */
const BY_NAME: readonly (readonly [RegExp, ErrorKind])[] = [
  [/timeout|timedout/i, "timeout"],
  [/rate_?limit/i, "rate-limit"],
  [/overloaded/i, "overloaded"],
  [/server_error|\bapi_error/i, "server"],
  [
    /APIConnectionError|ConnectionRefused|ConnectionClosed|ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|UNREACH|UND_ERR_(SOCKET|CLOSED)/,
    "connection",
  ],
];

/** What fetch says on Node, Chrome, Firefox, Safari and Deno where no connection comes about. */
const NO_CONNECTION = /^(fetch failed|failed to fetch|networkerror|load failed|error sending request)/i;

/** What the clients of OpenAI and Anthropic say, whose class names a bundler may have taken away. */
const TIMED_OUT = "Request timed out.";

/** The kind of an error, or null for one that no other try would mend: an abort, a refusal of the request, a bug. */
export function errorKind(error: unknown): ErrorKind | null {
  try {
    return kindOf(error, DEPTH);
  } catch {
    // Errors come from anywhere; one that cannot be read is none of those that are known.
    return null;
  }
}

function kindOf(error: unknown, depth: number): ErrorKind | null {
  if (!isRecord(error) || depth === 0) return null;
  const classes = [(error as object).constructor?.name, error.name].filter(isText).join(" ");
  if (/abort/i.test(classes)) return null;
  const status = statusOf(error);
  // An answer that began well may still have broken off: the cause below says so.
  if (status !== undefined && status >= 400) return ofStatus(status);
  const names = [classes, error.code, error.type].filter(isText).join(" ");
  const named = BY_NAME.find(([pattern]) => pattern.test(names));
  if (named !== undefined) return named[1];
  if (error instanceof TypeError && NO_CONNECTION.test(error.message)) return "connection";
  if (error.message === TIMED_OUT) return "timeout";
  return kindOf(error.lastError, depth - 1) ?? kindOf(error.cause, depth - 1);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function statusOf({ status, statusCode, response }: Readonly<Record<string, unknown>>): number | undefined {
  const inner = isRecord(response) ? response.status : undefined;
  return [status, statusCode, inner].find((item) => typeof item === "number");
}

function ofStatus(status: number): ErrorKind | null {
  if (status === 429) return "rate-limit";
  if (status === 408) return "timeout";
  if (status === 503 || status === 529) return "overloaded";
  return status >= 500 ? "server" : null;
}

/** Milliseconds that the provider asks to wait (`Retry-After`); null where it does not say. `now` in epoch milliseconds. */
export function retryAfter(error: unknown, now: number): number | null {
  try {
    for (let at = error, depth = DEPTH; isRecord(at) && depth > 0; depth--) {
      const ms = Number(headerOf(at, "retry-after-ms") ?? Number.NaN);
      if (ms >= 0) return ms;
      const text = headerOf(at, "retry-after");
      if (text !== undefined) return pauseOf(text, now);
      at = at.lastError ?? at.cause;
    }
  } catch {
    // Headers that cannot be read ask for nothing.
  }
  return null;
}

/** Seconds, or a date of HTTP. */
function pauseOf(text: string, now: number): number | null {
  const seconds = Number(text);
  const ms = Number.isNaN(seconds) ? Date.parse(text) - now : seconds * 1000;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** `Headers` of fetch, or a plain record of lower-case names. */
function headerOf(error: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const response = isRecord(error.response) ? error.response.headers : undefined;
  const headers = error.headers ?? error.responseHeaders ?? response;
  if (!isRecord(headers)) return undefined;
  const value = typeof headers.get === "function" ? headers.get(name) : headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
