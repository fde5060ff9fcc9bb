/** A request's body as it comes, unpacked piece by piece, so that no packed bomb is ever whole in memory. */
import { pipeline, Readable } from "node:stream";
import type { ReadableStream as WebStream } from "node:stream/web";
import { createGunzip } from "node:zlib";
import { errorCodeOf, HarnessError } from "@colophon/kernel";

export interface BodyBounds {
  /** Bytes at most, as they came and unpacked. */
  readonly limit: number;
  /** Told of each piece, unpacked; may throw. */
  onBytes(bytes: number): void;
  /** Ends the reading of a body that does not come. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * @throws HarnessError `too-large`, `input-malformed` for an encoding that is not known or does not hold,
 * and what `onBytes` throws.
 */
export async function* unpackedBody(request: Request, bounds: BodyBounds): AsyncIterable<Uint8Array> {
  const { body } = request;
  if (body === null) return;
  const packed = counted(body as WebStream<Uint8Array>, bounds);
  const encoding = request.headers.get("content-encoding")?.toLowerCase() ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip") {
    throw malformed(`it is encoded as ${encoding.slice(0, 40)}; use gzip, or nothing`);
  }
  const pieces = encoding === "gzip" ? gunzipped(packed) : packed;
  let unpacked = 0;
  try {
    for await (const piece of pieces) {
      unpacked += piece.length;
      if (unpacked > bounds.limit) throw tooLarge(bounds.limit);
      bounds.onBytes(piece.length);
      yield piece;
    }
  } catch (error) {
    if (errorCodeOf(error) !== undefined) throw error;
    throw malformed(encoding === "gzip" ? "it is no whole gzip" : "it ended early");
  }
}

async function* counted(
  body: WebStream<Uint8Array>,
  { limit, signal }: BodyBounds,
): AsyncIterable<Uint8Array> {
  const reader = body.getReader();
  const leave = (): void => void reader.cancel().catch(() => undefined);
  signal?.addEventListener("abort", leave, { once: true });
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (signal?.aborted === true) throw malformed("it did not come to its end in time");
      if (done) return;
      bytes += value.length;
      if (bytes > limit) throw tooLarge(limit);
      yield value;
    }
  } finally {
    signal?.removeEventListener("abort", leave);
    leave();
  }
}

function gunzipped(packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  // Whoever iterates hears of what went wrong before it.
  return pipeline(Readable.from(packed, { objectMode: false }), createGunzip(), () => undefined);
}

function tooLarge(limit: number): HarnessError {
  return new HarnessError(
    "too-large",
    `The batch is larger than ${limit} bytes, packed or unpacked; send it in parts.`,
  );
}

function malformed(what: string): HarnessError {
  return new HarnessError("input-malformed", `The body cannot be read: ${what}.`);
}
