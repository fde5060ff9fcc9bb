/** What an operation is: a use case with its name, its place on a server, what it asks for, and the shapes of what goes in and out. */
import type { AuditDraft, Scope } from "@colophon/kernel";
import type { z } from "zod";
import type { WaitingParts } from "../drill/connected-processes.ts";
import type { EvaluationParts } from "../evaluation/runs/evaluation-parts.ts";
import type { Harness } from "../harness.ts";
import type { InstallationDesk } from "../installation/installation-desk.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "DELETE";

/** Where a server offers it, and to whom; all that a client has to know to ask for it. */
export interface OperationPlace {
  /** Unique; what audit logs and jobs call it, such as `rollout.start`. */
  readonly name: string;
  readonly method: HttpMethod;
  /** Below `/v1/projects/{project}`; its `{names}` are fields of the input. Further fields go into the query of a GET, else into the body. */
  readonly path: string;
}

/** A place that the compiler knows word for word, for typed clients. */
export interface KnownPlace<N extends string, M extends HttpMethod, P extends string> {
  readonly name: N;
  readonly method: M;
  readonly path: P;
}

export interface OperationFacts<I> extends OperationPlace {
  /** Groups operations in the reference. */
  readonly tag: string;
  /** One sentence. */
  readonly summary: string;
  readonly scope: Scope;
  /**
   * The environment whose rights count. Absent or null, only rights in the whole project do; `registry`
   * lets in whoever has the scope anywhere in the project, for what tells nothing of an environment's traffic.
   */
  readonly where?: "registry" | ((input: I) => string | null);
  /** Whether it asks to pass a gate without evidence, which needs a scope of its own. */
  readonly isException?: (input: I) => boolean;
  /** What it is done to, for the audit log; null for nothing in particular. */
  readonly targetOf?: (input: I) => string | null;
  /** Whether it changes nothing; so is a GET, unless said otherwise. */
  readonly isRead?: boolean;
  /** Whether its input may hold a file's content, and is let in up to the limit of ledger batches. */
  readonly takesFiles?: boolean;
}

export interface Operation<
  S extends z.ZodObject = z.ZodObject,
  O extends z.ZodType = z.ZodType,
  I = never,
  R = unknown,
> extends OperationFacts<I> {
  readonly kind: "call";
  readonly input: S;
  readonly output: O;
  readonly run: (harness: Harness, input: I) => Promise<R>;
}

/** An operation on the installation itself: projects, people, keys, secrets, the audit log. Its path lies below `/v1`. */
export interface InstallationOperation<
  S extends z.ZodObject = z.ZodObject,
  O extends z.ZodType = z.ZodType,
  I = never,
  R = unknown,
> extends Omit<OperationFacts<I>, "where"> {
  readonly kind: "installation";
  readonly input: S;
  readonly output: O;
  /** The project whose rights count; null asks for rights in the whole installation. */
  readonly projectOf: (input: I) => string | null;
  /** Who may ask without any right: whoever is signed in, or `everybody`, where the input itself is what opens the door. */
  readonly openTo?: "signed-in" | "everybody";
  /** What the audit log says of it beside its target, without secrets; null for nothing. */
  readonly detailOf?: (input: I) => string | null;
  /** What the audit log learns from what came of it, where the input does not say it. */
  learnedOf?(output: R): AuditLearned;
  readonly run: (desk: InstallationDesk, input: I) => Promise<R>;
}

export type AuditLearned = Pick<AuditDraft, "project" | "environment" | "target" | "detail">;

/** What a face gives to work that takes its time. */
export type JobParts = EvaluationParts & WaitingParts;

/** An operation that takes its time: a server does it as a job. */
export interface JobOperation<
  S extends z.ZodObject = z.ZodObject,
  O extends z.ZodType = z.ZodType,
  I = never,
  R = unknown,
  P = never,
> extends OperationFacts<I> {
  readonly kind: "job";
  readonly input: S;
  readonly output: O;
  readonly run: (harness: Harness, input: I, parts: P) => Promise<R>;
}

export type AnyOperation = Operation | JobOperation | InstallationOperation;

/** What JSON gives back of a value, as deep as it goes. */
export type DeepReadonly<T> = T extends (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends readonly (infer E)[]
    ? readonly DeepReadonly<E>[]
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T;

/** Every field of what a use case takes or gives stands in its schema. */
type Covers<Said, Schema> = Exclude<keyof Said, keyof Schema> extends never ? unknown : never;

/**
 * An operation; its schemas are held against the use case that it runs when it is compiled.
 *
 * @example
 * export const addEnvironmentOperation = operation({
 *   name: "environment.add",
 *   method: "POST",
 *   path: "/environments",
 *   tag: "environments",
 *   summary: "Add an environment.",
 *   scope: "admin",
 *   input: z.object({ name: z.string(), inherits: z.string().nullable().exactOptional() }),
 *   output: changedEnvironment,
 *   run: addEnvironment,
 * });
 */
export function operation<
  S extends z.ZodObject,
  O extends z.ZodType,
  I,
  R extends DeepReadonly<z.output<O>>,
  N extends string,
  M extends HttpMethod,
  P extends string,
>(
  facts: OperationFacts<I> &
    KnownPlace<N, M, P> & {
      readonly input: S & (z.output<S> extends I ? Covers<I, z.output<S>> : never);
      readonly output: O & Covers<R, z.output<O>>;
      readonly run: (harness: Harness, input: I) => Promise<R>;
    },
): Operation<S, O, I, R> & KnownPlace<N, M, P> {
  return { kind: "call", ...facts };
}

/** As `operation`, for what a server does as a job. */
export function jobOperation<
  S extends z.ZodObject,
  O extends z.ZodType,
  I,
  R extends DeepReadonly<z.output<O>>,
  J,
  N extends string,
  M extends HttpMethod,
  P extends string,
>(
  facts: OperationFacts<I> &
    KnownPlace<N, M, P> & {
      readonly input: S & (z.output<S> extends I ? Covers<I, z.output<S>> : never);
      readonly output: O & Covers<R, z.output<O>>;
      readonly run: (harness: Harness, input: I, parts: J) => Promise<R>;
    },
): JobOperation<S, O, I, R, J> & KnownPlace<N, M, P> {
  return { kind: "job", ...facts };
}

/** As `operation`, for what is about the installation itself. */
export function installationOperation<
  S extends z.ZodObject,
  O extends z.ZodType,
  I,
  R extends DeepReadonly<z.output<O>>,
  N extends string,
  M extends HttpMethod,
  P extends string,
>(
  facts: Omit<OperationFacts<I>, "where"> &
    KnownPlace<N, M, P> & {
      readonly input: S & (z.output<S> extends I ? Covers<I, z.output<S>> : never);
      readonly output: O & Covers<R, z.output<O>>;
      readonly projectOf: (input: I) => string | null;
      readonly openTo?: "signed-in" | "everybody";
      readonly detailOf?: (input: I) => string | null;
      learnedOf?(output: R): AuditLearned;
      readonly run: (desk: InstallationDesk, input: I) => Promise<R>;
    },
): InstallationOperation<S, O, I, R> & KnownPlace<N, M, P> {
  return { kind: "installation", ...facts };
}
