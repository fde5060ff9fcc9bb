/** The compile-time check that the placeholders of a literal body and the variables of its input schema fit each other. */

import type { OutputOf, StandardSchema } from "./standard-schema.ts";

/** One chat message; `"history"` in its place is the slot for the conversation so far. */
export interface Message<C extends string = string> {
  readonly role: "system" | "user" | "assistant";
  readonly content: C;
}
export type Messages = readonly (Message | "history")[];

/** `unknown` where the text fits the schema, else an object whose property name says what is wrong. */
export type CheckBody<B extends string, S extends StandardSchema> = Verdict<
  Scanned<B, OutputOf<S>>,
  OutputOf<S>,
  never
>;

/** The same for a list of messages: each must fit, all together must use what is required. */
export type CheckMessages<M extends Messages, S extends StandardSchema> = Verdict<
  Scanned<Extract<M[number], Message>["content"], OutputOf<S>>,
  OutputOf<S>,
  "slot"
>;

interface Findings {
  readonly fault: Fault;
  /** Top-level variables that are read; `string` where any of them may be. */
  readonly reads: string;
}

type Fault = readonly [kind: "missing" | "object" | "malformed" | "slot", where: string];

type Verdict<F extends Findings, T, Forbidden extends "slot"> = [Where<F, "missing">] extends [never]
  ? [Where<F, "object">] extends [never]
    ? [Where<F, "malformed">] extends [never]
      ? [Where<F, Forbidden>] extends [never]
        ? [Exclude<RequiredKey<T>, F["reads"]>] extends [never]
          ? unknown
          : {
              "the input schema declares variables that no placeholder uses": Exclude<
                RequiredKey<T>,
                F["reads"]
              >;
            }
        : { "role and history tags belong in a text body, not in a message": Where<F, Forbidden> }
      : {
          "tags that the template language does not have, or blocks that do not match": Where<F, "malformed">;
        }
    : {
        "placeholders that are an object or a list in the input schema: name a field, or use json": Where<
          F,
          "object"
        >;
      }
  : {
      "placeholders missing from the input schema, or optional there without a default": Where<F, "missing">;
    };

type Where<F extends Findings, K extends Fault[0]> = Extract<F["fault"], readonly [K, string]>[1];

/** Keys that are always there after validation; never those of an index signature. */
type RequiredKey<T> = keyof (T extends unknown
  ? {
      [K in keyof T as K extends string
        ? string extends K
          ? never
          : NoKeys extends Pick<T, K>
            ? never
            : K
        : never]: 1;
    }
  : never) &
  string;

type NoKeys = Record<never, never>;

/** Distributes, so that each text of a union is scanned by itself. */
type Scanned<B extends string, T> = B extends string
  ? IsLiteral<B> extends true
    ? Scan<B, T, Scope<T, "", null>, never, null, never, never>
    : Lenient<Scan<B, T, Scope<T, "", null>, never, null, never, never>>
  : never;

/** What is interpolated may open blocks and read variables that the compiler cannot see. */
type Lenient<F extends Findings> = Found<Exclude<F["fault"], readonly ["malformed", string]>, string>;

type Found<A extends Fault, U extends string> = { readonly fault: A; readonly reads: U };

/** False for `string` and for texts with an interpolated `${string}`. */
type IsLiteral<B extends string> = string extends B ? false : NoKeys extends Record<B, 1> ? false : true;

/** What paths are looked up in: the variables (path ""), or the item of an each; `outer` is what `../` reaches. */
interface Scope<T, Path, Outer> {
  readonly at: T;
  readonly path: Path;
  readonly outer: Outer;
}

/** An open block, with what to restore at its end (`scope`, `sure`) and at its else (`scope`, `orElse`; null once there was one). */
interface Block<Kind, S, Sure, OrElse, Under> {
  readonly kind: Kind;
  readonly scope: S;
  readonly sure: Sure;
  readonly orElse: OrElse;
  readonly under: Under;
}

/**
 * One step per tag, never per character, and tail recursive, so that long bodies stay within the compiler's limits.
 * B: text ahead, R: variables, S: scope, G: paths known to be present, K: open blocks, A: faults, U: variables read.
 */
type Scan<
  B extends string,
  R,
  S,
  G extends string,
  K,
  A extends Fault,
  U extends string,
> = B extends `${infer Before}{{${infer Ahead}`
  ? IsEscaped<Before> extends true
    ? Scan<Ahead, R, S, G, K, A, U>
    : Ahead extends `${infer Inner}}}${infer Rest}`
      ? Rest extends `}${string}`
        ? Scan<Rest, R, S, G, K, A | readonly ["malformed", `{{${Inner}}}}`], U>
        : Tag<Trim<Inner>, Rest, R, S, G, K, A, U>
      : Found<A | readonly ["malformed", "{{ without }}"], U>
  : K extends Block<infer Kind extends string, unknown, string, string | null, unknown>
    ? Found<A | readonly ["malformed", `{{#${Kind}}} without {{/${Kind}}}`], U>
    : Found<A, U>;

/** As in Handlebars: one backslash escapes the tag, two are a backslash before a live tag. */
type IsEscaped<Before extends string> = Before extends `${string}\\`
  ? Before extends `${string}\\\\`
    ? false
    : true
  : false;

type Tag<
  I extends string,
  B extends string,
  R,
  S,
  G extends string,
  K,
  A extends Fault,
  U extends string,
> = string extends I
  ? Scan<B, R, S, G, K, A, string>
  : I extends `#${infer Open}`
    ? OpenTag<Trim<Open>, B, R, S, G, K, A, U>
    : I extends `/${infer Close}`
      ? CloseTag<Trim<Close>, B, R, S, G, K, A, U>
      : I extends "else"
        ? ElseTag<B, R, S, G, K, A, U>
        : I extends `>${string}`
          ? Scan<B, R, S, G, K, A, string>
          : I extends "history" | `role${Blank}${string}`
            ? Scan<B, R, S, G, K, A | readonly ["slot", I], U>
            : I extends `json${Blank}${infer P}`
              ? Read<Locate<Trim<P>, S, R>, "json", B, R, S, G, K, A, U>
              : I extends Foreign
                ? Scan<B, R, S, G, K, A | readonly ["malformed", I], U>
                : Read<Locate<I, S, R>, "text", B, R, S, G, K, A, U>;

/** Tags of Handlebars or of nothing, which the template language refuses. */
type Foreign =
  | `${string}${Blank}${string}`
  | `${"{" | "!" | "&" | "^" | "~" | "*"}${string}`
  | `${string}~`
  | "if"
  | "unless"
  | "each"
  | "with"
  | "lookup"
  | "log"
  | "json"
  | "role"
  | "";

type Read<
  L extends Place,
  Use,
  B extends string,
  R,
  S,
  G extends string,
  K,
  A extends Fault,
  U extends string,
> = Scan<B, R, S, G, K, A | FaultAt<L, Use, G>, U | ReadsAt<L>>;

type OpenTag<
  I extends string,
  B extends string,
  R,
  S,
  G extends string,
  K,
  A extends Fault,
  U extends string,
> = I extends `${infer Kind extends "if" | "unless" | "each"}${Blank}${infer P}`
  ? OpenBlock<Kind, Locate<Trim<P>, S, R>, B, R, S, G, K, A, U>
  : Scan<B, R, S, G, K, A | readonly ["malformed", `#${I}`], U>;

type OpenBlock<
  Kind,
  L extends Place,
  B extends string,
  R,
  S,
  G extends string,
  K,
  A extends Fault,
  U extends string,
> = Kind extends "if"
  ? Scan<B, R, S, G | FullPath<L>, Block<Kind, S, G, G, K>, A | FaultAt<L, "test", G>, U | ReadsAt<L>>
  : Kind extends "unless"
    ? Scan<B, R, S, G, Block<Kind, S, G, G | FullPath<L>, K>, A | FaultAt<L, "test", G>, U | ReadsAt<L>>
    : Scan<
        B,
        R,
        Scope<ItemOf<L["at"], L["path"]>, `${FullPath<L>}[]`, S>,
        G | FullPath<L>,
        Block<Kind, S, G, G, K>,
        A | FaultAt<L, "test", G>,
        U | ReadsAt<L>
      >;

type ElseTag<B extends string, R, S, G extends string, K, A extends Fault, U extends string> =
  K extends Block<infer Kind, infer S0, infer G0 extends string, infer E extends string, infer Under>
    ? // null leaves nothing for a second else
      Scan<B, R, S0, E, Block<Kind, S0, G0, null, Under>, A, U>
    : Scan<B, R, S, G, K, A | readonly ["malformed", "else"], U>;

type CloseTag<
  C extends string,
  B extends string,
  R,
  S,
  G extends string,
  K,
  A extends Fault,
  U extends string,
> =
  K extends Block<C, infer S0, infer G0 extends string, string | null, infer Under>
    ? Scan<B, R, S0, G0, Under, A, U>
    : Scan<B, R, S, G, K, A | readonly ["malformed", `/${C}`], U>;

/** The type of the items of a list; anything may come out of what is no list. */
type ItemOf<T, P extends string> = unknown extends T
  ? unknown
  : P extends ""
    ? NonNullable<T> extends readonly (infer Item)[]
      ? Item
      : unknown
    : P extends `${infer H}.${infer Q}`
      ? H extends keyof NonNullable<T>
        ? ItemOf<NonNullable<T>[H], Q>
        : unknown
      : P extends keyof NonNullable<T>
        ? ItemOf<NonNullable<T>[P], "">
        : unknown;

/** Where a path leads: `path` below the value `at`, which itself is at `base` ("" for all variables). */
interface Place {
  readonly written: string;
  readonly at: unknown;
  readonly base: string;
  readonly path: string;
}

interface PlaceOf<Written extends string, T, Base extends string, Path extends string> {
  readonly written: Written;
  readonly at: T;
  readonly base: Base;
  readonly path: Path;
}

/** Refused by the template language: `never` has no such place. */
type Nowhere<Written extends string> = PlaceOf<Written, never, "", "">;

/** A path that is not literal may lead anywhere, so it reads every variable. */
type Locate<P extends string, S, R> =
  IsLiteral<P> extends true ? LocateIn<P, P, S, R> : PlaceOf<P, unknown, "", string>;

type LocateIn<W extends string, P extends string, S, R> = P extends ".." | "." | `./${string}`
  ? Nowhere<W>
  : P extends `@root.${infer Q}`
    ? PlaceOf<W, R, "", Q>
    : P extends `@${string}`
      ? S extends Scope<unknown, "", unknown>
        ? Nowhere<W>
        : P extends "@index" | "@first" | "@last"
          ? PlaceOf<W, unknown, "@", "">
          : Nowhere<W>
      : S extends Scope<infer T, infer Base extends string, infer Outer>
        ? P extends `../${infer Q}`
          ? Q extends "" | "this" | `this.${string}` | `@${string}`
            ? Nowhere<W>
            : LocateIn<W, Q, Outer, R>
          : P extends "this"
            ? Base extends ""
              ? Nowhere<W>
              : PlaceOf<W, T, Base, "">
            : P extends `this.${infer Q}`
              ? PlaceOf<W, T, Base, Q>
              : PlaceOf<W, T, Base, P>
        : Nowhere<W>;

type ReadsAt<L extends Place> = L["base"] extends "" ? Head<L["path"]> : never;
type Head<P extends string> = P extends `${infer H}.${string}` ? H : P;

/** The whole way down from the variables; `[]` stands for an item. */
type FullPath<L extends Place> = L["path"] extends "" ? L["base"] : `${Prefix<L["base"]>}${L["path"]}`;
type Prefix<Base extends string> = Base extends "" ? "" : `${Base}.`;

type FaultAt<L extends Place, Use, G extends string> = [L["at"]] extends [never]
  ? readonly ["malformed", L["written"]]
  : Judge<
        Known<L["at"], L["base"], G, Use>,
        L["path"],
        Prefix<L["base"]>,
        Covering<G, FullPath<L>>,
        Use
      > extends infer Kind extends Fault[0]
    ? readonly [Kind, L["written"]]
    : never;

/** Of what is known to be present, that which says something of this path: itself, or what it belongs to. */
type Covering<G extends string, Full extends string> = G extends string
  ? Full extends G | `${G}.${string}`
    ? G
    : never
  : never;

/** Without null and undefined where a block has asked for it, or where the tag itself asks. */
type Known<T, Name extends string, G extends string, Use> = unknown extends T
  ? T
  : Use extends "test"
    ? NonNullable<T>
    : [Extract<G, Name | `${Name}.${string}`>] extends [never]
      ? T
      : NonNullable<T>;

/** The kind of fault, or null: a value of type T, with the path P still to go below it. */
type Judge<T, P extends string, Above extends string, G extends string, Use> = unknown extends T
  ? null
  : P extends ""
    ? JudgeLeaf<T, Use>
    : P extends `${infer H}.${infer Q}`
      ? JudgeField<T, H, Q, Above, G, Use>
      : JudgeField<T, P, "", Above, G, Use>;

type JudgeField<T, H extends string, Q extends string, Above extends string, G extends string, Use> = [
  T,
] extends [object]
  ? [Extract<T, readonly unknown[]>] extends [never]
    ? H extends keyof T
      ? Judge<Known<T[H], `${Above}${H}`, G, Use>, Q, `${Above}${H}.`, G, Use>
      : "missing"
    : `${H}:${Q}` extends "length:"
      ? null
      : "missing"
  : "missing";

type JudgeLeaf<T, Use> = Use extends "test"
  ? null
  : undefined extends T
    ? "missing"
    : Use extends "json"
      ? null
      : null extends T
        ? "missing"
        : [T] extends [string | number | boolean | bigint]
          ? null
          : "object";

type Blank = " " | "\n" | "\t" | "\r";
type Trim<S extends string> = S extends `${Blank}${infer Rest}`
  ? Trim<Rest>
  : S extends `${infer Rest}${Blank}`
    ? Trim<Rest>
    : S;
