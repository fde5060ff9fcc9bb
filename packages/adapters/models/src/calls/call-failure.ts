/** Tells what a failed call met, without the provider's own words. */
import {
  type CallFacts,
  type CallFailure,
  type CallFailureKind,
  type EpochMs,
  errorCodeOf,
} from "@colophon/kernel";

/** What the house reads off the errors of every client. */
export interface CallTrouble {
  /** Null for what no other try would mend. */
  readonly kind: "rate-limit" | "overloaded" | "server" | "timeout" | "connection" | null;
  /** Milliseconds that the provider asks to wait; null where it does not say. */
  readonly retryAfter: number | null;
}

export type TroubleReader = (error: unknown, now: EpochMs) => CallTrouble;

export interface FailedCall extends CallFacts {
  /** As people know the model. */
  readonly model: string;
  readonly error: unknown;
  readonly trouble: CallTrouble;
  /** The call was ended by its own time limit, by the caller, or by neither. */
  readonly ended: "by-limit" | "by-caller" | null;
}

type Judged = Pick<CallFailure, "kind" | "reach">;

const WORDS: Readonly<Record<CallFailureKind, string>> = {
  "rate-limit": "asks for fewer calls",
  overloaded: "is overloaded",
  server: "met an error of its own",
  timeout: "did not answer in time",
  connection: "could not be reached",
  cut: "sent an answer that broke off or cannot be read",
  barred: "takes no calls: the key, its rights or its credit do not suffice",
  rejected: "does not take the request",
  aborted: "was not waited for",
  unknown: "could not be asked",
};

/** Short words that providers give their errors, and nothing that could quote contents or keys. */
const CODE = /^[a-z][a-z\d_.-]{0,59}$/i;

export function callFailure(failed: FailedCall): CallFailure {
  const { latency, host, model, trouble, error } = failed;
  const status = statusOf(error);
  const judged = judge(failed, status);
  const code = codeOf(error);
  const told = [...(status === null ? [] : [String(status)]), ...(code === null ? [] : [code])];
  return {
    ...judged,
    latency,
    host,
    status,
    retryAfter: trouble.retryAfter,
    // A guard of our own has a sentence of its own, which quotes nothing of the provider.
    message: isForbidden(error)
      ? (error as Error).message
      : `${model}${host === null ? "" : ` at ${host}`} ${WORDS[judged.kind]}${told.length === 0 ? "" : ` (${told.join(", ")})`}.`,
  };
}

function judge({ ended, error, trouble }: FailedCall, status: number | null): Judged {
  if (ended === "by-limit") return { kind: "timeout", reach: "passing" };
  if (ended === "by-caller") return { kind: "aborted", reach: "lasting" };
  if (isForbidden(error)) return { kind: "barred", reach: "barring" };
  if (status === 401 || status === 402 || status === 403 || codeOf(error) === "insufficient_quota") {
    return { kind: "barred", reach: "barring" };
  }
  // Before its connection is blamed: an answer that had begun may have been charged.
  if (isUnreadable(error, status)) return { kind: "cut", reach: "passing" };
  if (trouble.kind !== null) return { kind: trouble.kind, reach: "passing" };
  // A conflict, and a request that came too early: the providers' own clients try them again.
  if (status === 409 || status === 425) return { kind: "server", reach: "passing" };
  // Neither the model nor the path is there, whatever is asked.
  if (status === 404) return { kind: "rejected", reach: "barring" };
  return { kind: status === null ? "unknown" : "rejected", reach: "lasting" };
}

/** The way to the model is closed by whoever runs this, for every call. */
function isForbidden(error: unknown): boolean {
  return errorCodeOf(error) === "not-allowed";
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

/** Of the AI SDK's APICallError; an answer whose status was well has broken off later. */
function statusOf(error: unknown): number | null {
  const { statusCode } = fieldsOf(error);
  return typeof statusCode === "number" ? statusCode : null;
}

/** In the places where OpenAI, Anthropic and Google put it. */
function codeOf(error: unknown): string | null {
  const body = fieldsOf(fieldsOf(fieldsOf(error).data).error);
  const code = [body.code, body.type, body.status].find((one) => typeof one === "string" && CODE.test(one));
  return (code as string | undefined) ?? null;
}

const UNREADABLE =
  /JSONParseError|TypeValidationError|InvalidResponseDataError|EmptyResponseBodyError|NoContentGenerated|NoOutputGenerated/;
/** What fetch says where a body ends before its time. */
const BROKEN_OFF = /^(terminated|premature close)/i;

function isUnreadable(error: unknown, status: number | null): boolean {
  if (status !== null && status < 400) return true;
  for (let at = error, depth = 4; depth > 0 && typeof at === "object" && at !== null; depth--) {
    const { name, message, cause } = at as Fields;
    if (typeof name === "string" && UNREADABLE.test(name)) return true;
    if (typeof message === "string" && BROKEN_OFF.test(message)) return true;
    at = cause;
  }
  return false;
}
