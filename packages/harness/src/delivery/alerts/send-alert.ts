/** Sends one alert to one webhook, once. */
import { type AlertData, type EpochMs, errorCodeOf } from "@colophon/kernel";
import { signatureOf, type Webhook } from "./webhook.ts";

/** An alert with the time of its record. */
export interface RecordedAlert extends AlertData {
  readonly at: EpochMs;
}

/** What became of one try. `retryAfter` is in milliseconds, where the receiver named it. */
export type Sent =
  | { readonly outcome: "delivered" }
  | { readonly outcome: "refused"; readonly detail: string }
  | { readonly outcome: "failed"; readonly detail: string; readonly retryAfter: number | null };

/** What alerts are sent with: `fetch`, or what stands for it. */
export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

/** Whoever runs this closes the way to it, and the next try would not open it. */
const FORBIDDEN = "its address is none that may be reached from here";
const TIMEOUT_MS = 10_000;
/** Answers that may be another one on the next try. */
const PASSING = new Set([408, 409, 423, 425, 429]);

/** The message as receivers get it: the record, with its time in ISO 8601. */
function alertBody({ at, since, ...alert }: RecordedAlert): string {
  const iso = (time: EpochMs | null): string | null => (time === null ? null : new Date(time).toISOString());
  return JSON.stringify({ type: "colophon.alert", at: iso(at), since: iso(since), ...alert });
}

/** Never throws; the same alert has the same `idempotency-key` at every try. Redirects are not followed. */
export async function sendAlert(
  alert: RecordedAlert,
  webhook: Webhook,
  { fetch, now }: { readonly fetch: Fetch; readonly now: EpochMs },
): Promise<Sent> {
  const body = alertBody(alert);
  const { secret } = webhook;
  const headers = {
    "content-type": "application/json",
    "user-agent": "colophon",
    "idempotency-key": alert.id,
    ...(secret === null ? {} : { "colophon-signature": signatureOf(body, { secret, now }) }),
  };
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(webhook.url, { method: "POST", headers, body, redirect: "manual", signal });
    // The answer's body is nobody's concern; left unread it would hold its connection.
    await answer.body?.cancel();
    return judge(answer, now);
  } catch (error) {
    if (errorCodeOf(error) === "not-allowed") return { outcome: "refused", detail: FORBIDDEN };
    return { outcome: "failed", detail: whatFailed(error), retryAfter: null };
  }
}

function judge({ ok, status, headers }: Response, now: EpochMs): Sent {
  if (ok) return { outcome: "delivered" };
  const detail = `it answered ${status}`;
  if (status >= 500 || PASSING.has(status)) {
    return { outcome: "failed", detail, retryAfter: waitOf(headers.get("retry-after"), now) };
  }
  return { outcome: "refused", detail };
}

function waitOf(header: string | null, now: EpochMs): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - now;
  return Number.isFinite(wait) && wait >= 0 ? wait : null;
}

/** The kind of failure; messages of fetch may quote the address, whose path may be secret. */
function whatFailed(error: unknown): string {
  if (!(error instanceof Error)) return "it could not be reached";
  if (error.name === "TimeoutError") return `no answer within ${TIMEOUT_MS / 1_000} s`;
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : error.name;
  return `it could not be reached (${code})`;
}
