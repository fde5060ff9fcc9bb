/** The HTTP interface as types alone, for clients that are compiled with it. */
import type { OPERATIONS } from "@colophon/harness";
import type { z } from "zod";
import type { ErrorDocument } from "./requests/answer-error.ts";

export type { ErrorDocument };

type Offered = (typeof OPERATIONS)[number];

/** Where an operation lies and what it takes and gives, by its name. */
export type HttpOperations = {
  readonly [E in Offered as E["name"]]: {
    readonly kind: E["kind"];
    readonly method: E["method"];
    /** Below `/v1/projects/{project}`; of an `installation` operation below `/v1`. */
    readonly path: E["path"];
    readonly input: z.input<E["input"]>;
    /** Of a job, what it gives when it is done. */
    readonly output: z.output<E["output"]>;
  };
};

export type OperationName = keyof HttpOperations;

/**
 * The place of every operation, to be written out by a client: the compiler holds it against the server's.
 *
 * @example
 * const PLACES: Pick<HttpPlaces, "environment.list"> = {
 *   "environment.list": { kind: "call", method: "GET", path: "/environments" },
 * };
 */
export type HttpPlaces = {
  readonly [N in OperationName]: Pick<HttpOperations[N], "kind" | "method" | "path">;
};

/** Asks a server for an operation by its name. */
export type HttpClient = <N extends OperationName>(
  name: N,
  input: HttpOperations[N]["input"],
) => Promise<HttpOperations[N]["output"]>;
