/** What trouble a call met, and what that means for its line and for all others. */
import { callTrouble } from "@colophon/harness";
import { CutAnswer } from "./ask.ts";

export type TroubleKind = NonNullable<ReturnType<typeof callTrouble>["kind"]> | "cut";

export type Trouble =
  /** Another try may fare better. */
  | {
      readonly end: "passing";
      readonly kind: TroubleKind;
      /** Milliseconds that the provider asks to wait; null where it does not say. */
      readonly asked: number | null;
    }
  /** Every further try would meet it: the line's own result. */
  | { readonly end: "lasting" }
  /** Every line would meet it. */
  | { readonly end: "barring"; readonly why: string };

/** A provider that asks for more patience than this is asked again later by a person. */
const LONGEST_ASKED_MS = 120_000;
/** A conflict, and a request that came too early: the clients try them again too. */
const PASSING_STATUSES: readonly unknown[] = [409, 425];

export function troubleOf(error: unknown, now: number): Trouble {
  const barred = barredBy(error);
  if (barred !== undefined) return { end: "barring", why: barred };
  const { kind, retryAfter: asked } = callTrouble(error, now);
  if (asked !== null && asked > LONGEST_ASKED_MS && kind !== null) {
    const seconds = Math.ceil(asked / 1000);
    return { end: "barring", why: `The provider asks to wait ${seconds} s` };
  }
  const passing = kind ?? passingOtherwise(error);
  return passing === null ? { end: "lasting" } : { end: "passing", kind: passing, asked };
}

/** Errors that no waiting mends and that have nothing to do with the line. */
function barredBy(error: unknown): string | undefined {
  const { status, code, message } = (error ?? {}) as {
    readonly status?: unknown;
    readonly code?: unknown;
    readonly message?: unknown;
  };
  if (status === 401 || status === 402 || code === "insufficient_quota")
    return `The provider takes no calls (${String(message).replaceAll(/\s+/g, " ").slice(0, 200)})`;
  return undefined;
}

function passingOtherwise(error: unknown): TroubleKind | null {
  // Clients throw a syntax error for JSON that broke off on its way.
  if (error instanceof CutAnswer || error instanceof SyntaxError) return "cut";
  const { status } = (error ?? {}) as { readonly status?: unknown };
  return PASSING_STATUSES.includes(status) ? "server" : null;
}
