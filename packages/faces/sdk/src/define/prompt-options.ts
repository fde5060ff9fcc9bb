/** The argument of `definePrompt`, with the places where the compiler says that text and schema do not fit. */
import type { CacheBreakpoint, JsonSchema, Risk, ToolChoice } from "@colophon/kernel";
import type { BindContext, CapturePolicy } from "@colophon/runtime";
import type { MediaInput, MediaOptions, Named, Seen } from "./media-variables.ts";
import type { CheckBody, CheckMessages, Messages } from "./placeholders.ts";
import type { InputOf, OutputOf, StandardSchema } from "./standard-schema.ts";

/**
 * What `definePrompt` takes: `key`, `input`, `model` and one of `body` and `messages`; the rest is optional.
 * S is the schema of the variables, B and M the text as literals, L the translations, N the names of bound
 * variables, X the media.
 */
export type PromptOptions<
  S extends StandardSchema = StandardSchema,
  B extends string = string,
  M extends Messages = Messages,
  L extends Translations = Translations,
  N extends string = string,
  X extends MediaOptions = MediaOptions,
> = PromptText<S, B, M, L, N, X> & PromptSettings<S> & RequireText<B, M>;

/** Texts by locale (BCP 47), each in place of `body` or `messages`. */
export type Translations = Readonly<Record<string, string | Messages>>;

interface PromptText<
  S extends StandardSchema,
  B extends string,
  M extends Messages,
  L extends Translations,
  N extends string,
  X extends MediaOptions,
> {
  /** The schema of the variables but media: any Standard Schema. */
  readonly input: S;
  /** Variables that hold media, and how many: `{ photo: "one", scan: "optional", pages: "list" }`. */
  readonly media?: X;
  /** The text of the prompt; may hold role and history tags. */
  readonly body?: B & CheckBody<NoInfer<B>, Seen<NoInfer<S>, NoInfer<X>>>;
  /** The prompt as chat messages, instead of `body`. */
  readonly messages?: M & CheckMessages<NoInfer<M>, Seen<NoInfer<S>, NoInfer<X>>> & NotBoth<NoInfer<B>>;
  readonly locales?: L & CheckTranslations<NoInfer<L>, Seen<NoInfer<S>, NoInfer<X>>>;
  /** Variables that a resolver of the application's own fetches in `await call.bind()`; the caller does not pass them. */
  readonly bind?: { readonly [P in N]: CheckBound<P, NoInfer<S>> };
}

interface PromptSettings<S extends StandardSchema> {
  readonly key: string;
  readonly model: ModelOption;
  /** Parameters of the model as its provider names them; they go before those inside `model`. */
  readonly parameters?: ModelParameters;
  /** Models for when the first one fails, in order; what the registry names goes before them. */
  readonly backup?: ModelOption | readonly ModelOption[];
  /** Models by the name of a route; what the registry names goes before them. */
  readonly routes?: Readonly<Record<string, ModelOption>>;
  /** Providers that the code can call besides those of the models named here. */
  readonly providers?: readonly string[];
  readonly purpose?: string;
  readonly owner?: string;
  readonly risk?: Risk;
  readonly tags?: readonly string[];
  readonly evalSet?: string;
  /** The contract of the answer. */
  readonly output?: StandardSchema;
  readonly tools?: readonly ToolOption[];
  readonly toolChoice?: ToolChoice;
  /** The locale of `body` or `messages`. */
  readonly defaultLocale?: string;
  readonly cache?: readonly CacheBreakpoint[];
  /** Variables from outside: fenced when rendered, so that they cannot pass for instructions. */
  readonly untrusted?: readonly VariableName<NoInfer<S>>[];
  readonly capture?: PromptCapture;
  /**
   * Whether `record` may call its sender a second time with another version, while a rollout shadows
   * it: `false` never, `true` also where tools may run twice. Without it only where none are seen.
   */
  readonly repeatable?: boolean;
}

type RequireText<B extends string, M extends Messages> = [B] extends [never]
  ? [M] extends [never]
    ? { readonly "a prompt needs a body or messages": true }
    : unknown
  : unknown;

type NotBoth<B extends string> = [B] extends [never]
  ? unknown
  : string extends B
    ? unknown
    : { "a prompt has either a body or messages": "messages" };

type CheckTranslations<L extends Translations, S extends StandardSchema> = {
  readonly [K in keyof L]: L[K] extends string
    ? CheckBody<L[K], S>
    : L[K] extends Messages
      ? CheckMessages<L[K], S>
      : unknown;
};

type CheckBound<P, S extends StandardSchema> =
  P extends VariableName<S>
    ? BindVariable<ValueOf<InputOf<S>, P>>
    : { "bound variables missing from the input schema": P };

type VariableName<S extends StandardSchema> =
  unknown extends OutputOf<S> ? string : keyof OutputOf<S> & string;
type ValueOf<T, P> = P extends keyof T ? T[P] : unknown;

/** Fetches the value of one bound variable. */
export type BindVariable<Value> = (context: BindContext) => Bound<Value> | Promise<Bound<Value>>;

/** A text or number stands for itself; `choice` says what was chosen and stays in the ledger row. */
type Bound<Value> =
  | { readonly value: Value; readonly choice?: string }
  | (unknown extends Value ? string | number : Extract<Value, string | number>);

/** What the caller of `record` and `render` passes: the input without the bound variables, never changed, and the media. */
export type VariablesOf<
  S extends StandardSchema,
  N extends string = never,
  X extends MediaOptions = never,
> = [X] extends [never] ? TextVariables<S, N> : Named<TextVariables<S, N>> & MediaInput<X>;

type TextVariables<S extends StandardSchema, N extends string> = [N] extends [never]
  ? Untouched<InputOf<S>>
  : Untouched<Omit<InputOf<S>, N>>;

/** Plain data that is only read, at every depth; what is open stays open. */
type Untouched<T> = unknown extends T
  ? T
  : T extends Plain
    ? T
    : T extends object
      ? { readonly [K in keyof T]: Untouched<T[K]> }
      : T;

type Plain = string | number | boolean | bigint | null | undefined | Date | ((...args: never) => unknown);

/** `gpt-5-mini`, `provider/model`, or the parts by name. */
export type ModelOption =
  | string
  | { readonly id: string; readonly provider?: string; readonly parameters?: ModelParameters };

export type ModelParameters = Readonly<Record<string, unknown>>;

/** A function the model may call; its input as a schema of the application or as JSON Schema. */
export interface ToolOption {
  readonly name: string;
  readonly description?: string;
  readonly input: StandardSchema | JsonSchema;
}

/** What is kept of the contents; `redacted` needs the function that says what may be. */
export type PromptCapture =
  | Exclude<CapturePolicy["mode"], "redacted">
  | { readonly mode: "none" }
  | ({ readonly mode: "hash" } & Pick<CapturePolicy, "days">)
  | ({ readonly mode: "full" } & Pick<CapturePolicy, "sample" | "days">)
  | ({ readonly mode: "redacted" } & Required<Pick<CapturePolicy, "redact">> &
      Pick<CapturePolicy, "sample" | "days">);
