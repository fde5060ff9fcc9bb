/** What the application's code says of a prompt, in the form the resolver reads. */
import type { CallerContract, ExecutionId, ModelChoice, VersionText } from "@colophon/kernel";
import type { CapturePolicy } from "./capture.ts";
import type { ServableCache } from "./servable.ts";

/** One problem that a schema finds in a value. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema makes of a value: the value with defaults and transforms, or what is wrong with it. */
export type SchemaResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** Checks a value without waiting; a schema that answers with a promise cannot be used here. */
export type SchemaCheck = (value: unknown) => SchemaResult | Promise<SchemaResult>;

/** What a resolver of the application's own chose for a variable. */
export interface BoundValue {
  readonly value: unknown;
  /** Kept in the row: which rule, experiment or record it came from. */
  readonly choice?: string;
}

/** Resolves a bound variable; a plain value stands for itself. */
export type Binder = (
  context: BindContext,
) => Promise<BoundValue | string | number> | BoundValue | string | number;

/** What a resolver of bound variables is told of the call. */
export interface BindContext extends ResolveContext {
  readonly key: string;
  readonly version: number | null;
}

/** A prompt as the code declares it; `text` is null for a handle that only names a pinned version. */
export interface Declaration {
  readonly key: string;
  readonly text: VersionText | null;
  readonly hash: string;
  readonly bodyHash: string;
  /** Null for a pinned handle: its caller is the pinned version's own contract. */
  readonly caller: CallerContract | null;
  readonly callerHash: string;
  /** Names of all top-level variables; none when the contract leaves them open. */
  readonly variables?: ReadonlySet<string> | null | undefined;
  readonly checkInput?: SchemaCheck | null | undefined;
  readonly checkOutput?: SchemaCheck | null | undefined;
  readonly binders?: Readonly<Record<string, Binder>> | undefined;
  readonly capture?: CapturePolicy | CapturePolicy["mode"] | null | undefined;
  /** What its records say of being repeated where they do not say it themselves. */
  readonly repeatable?: boolean | undefined;
  /** Models for when the first one fails, in order, where the registry names none. */
  readonly backup?: readonly ModelChoice[];
  /** Models by the name of a route, where the registry names none. */
  readonly routes?: Readonly<Record<string, ModelChoice>>;
  /** Concrete version that the code asks for, or null. */
  readonly pinned: number | null;
  /** Texts already compiled for this caller. */
  readonly servables: ServableCache;
}

/** For whom and where a prompt is resolved. */
export interface ResolveContext {
  readonly user?: string;
  readonly tenant?: string;
  readonly document?: string;
  readonly documentType?: string;
  readonly session?: string;
  /** Who is assigned to an arm; user, else session, else document, when left out. */
  readonly unit?: string;
  readonly environment?: string;
  readonly locale?: string;
  /** The name of one of the prompt's routes: its model serves instead of the primary one. */
  readonly route?: string;
  /** What `call.pin` gave for this conversation. */
  readonly pin?: string;
  /** 32 hex digits of a W3C trace, and the span's 16. */
  readonly trace?: string;
  readonly span?: string;
  readonly parent?: ExecutionId;
  readonly step?: number;
}
