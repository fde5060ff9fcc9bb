/** Bounds how long a request may wait for its answer; streams are answered when they begin. */
import { HarnessError } from "@colophon/kernel";
import type { MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { timeout } from "hono/timeout";

/** @param ms longest wait; what was begun may still come to its end. */
export function timeLimit(ms: number): MiddlewareHandler {
  const error = new HarnessError(
    "store-busy",
    `This took longer than ${ms} ms and was given up; look whether it was done, and try again.`,
  );
  return timeout(ms, new HTTPException(503, { cause: error }));
}
