/** What every wire format has in common: how a call is read, what an answer is made of, how a failure is told. */

import type { Latency } from "../serve/draw-latency.ts";
import type { Carried, WireName } from "../serve/served-call.ts";

/** One piece of a body as it goes out, with what it tells the client. */
export interface Piece {
  readonly data: string;
  readonly carried: Carried;
}

export type FailureKind = "invalid" | "not-found" | "rate-limited" | "server" | "overloaded";

/** A failure before any provider words it. */
export interface WireFailure {
  readonly status: number;
  readonly kind: FailureKind;
  readonly message: string;
  /** The parameter at fault, where there is one. */
  readonly param: string | null;
  readonly code: string | null;
}

export interface WireFormat {
  readonly name: WireName;
  /** The header that carries the id of the request. */
  readonly requestIdHeader: string;
  writeFailure(failure: WireFailure, requestId: string): Readonly<Record<string, unknown>>;
}

/** The answer to a call, written whole or as a stream. */
export interface WrittenAnswer extends Latency {
  readonly id: string;
  readonly fingerprint: string | null;
  readonly label: string | undefined;
  whole(): Piece;
  stream(): readonly Piece[];
}

/** A request that was understood. */
export interface WireCall {
  readonly model: string;
  readonly stream: boolean;
  /** All that its answer may depend on. */
  readonly content: string;
  answer(): WrittenAnswer;
}

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: WireFailure };

export function refuse(
  message: string,
  param: string | null,
  code: string | null = "invalid_value",
): { readonly ok: false; readonly failure: WireFailure } {
  return { ok: false, failure: { status: 400, kind: "invalid", message, param, code } };
}

export function found<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Everything said by a simulator says so. */
export function signed(message: string): string {
  return `${message} (colophon simulator)`;
}
