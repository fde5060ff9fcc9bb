/** What an expression can stand for once names, members and calls of the scanned modules are followed. */
import type { SourceParameter } from "../source/source-module.ts";
import type { SourceValue } from "../source/source-value.ts";

/** What the parameters of a function stand for while its result is followed. */
export interface Frame {
  readonly module: number;
  readonly scope: number;
  readonly values: ReadonlyMap<string, Located>;
  /** Of the caller. */
  readonly outer: Frame | null;
}

/** A value together with where its names are looked up. */
export interface Located {
  /** Index into the modules of the index. */
  readonly module: number;
  readonly value: SourceValue;
  readonly frame: Frame | null;
}

export interface ScopePlace {
  readonly module: number;
  readonly scope: number;
}

export type Entity =
  /** An expression that nothing more is known of: a text, a list, an object, or what cannot be followed. */
  | { readonly kind: "value"; readonly at: Located }
  | ({ readonly kind: "function"; readonly self: Located | null } & ScopePlace)
  | ({ readonly kind: "class" } & ScopePlace)
  /** What a class of the scanned modules makes; `call` is null where only its type is known. */
  | ({ readonly kind: "instance"; readonly call: Located | null } & ScopePlace)
  | { readonly kind: "module"; readonly module: number }
  /** Something of a package that is not scanned: `openai` and `["OpenAI"]`. */
  | { readonly kind: "external"; readonly package: string; readonly path: readonly string[] }
  /** A parameter that no call is known to fill. */
  | ({ readonly kind: "parameter"; readonly parameter: SourceParameter; readonly at: Located } & ScopePlace);
