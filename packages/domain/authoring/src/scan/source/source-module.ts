/** What the parser of a language says of one source file: scopes, names, calls and texts. */
import type { SourceValue, Span } from "./source-value.ts";

export type SourceLanguage = "typescript" | "javascript" | "python";

/** A file to be scanned. */
export interface SourceFile {
  /** Relative to the scanned folder, with `/` between its steps. */
  readonly file: string;
  readonly language: SourceLanguage;
  readonly source: string;
}

/**
 * A local name for what another module exports. `from x import *` has the names "*"; `import a.b` makes two: `a`, and
 * `a.b` for paths that begin so.
 */
export interface SourceImport extends Span {
  readonly local: string;
  /** As written: `./prompts.ts`, `openai`, `.prompts`, `app.prompts`. */
  readonly module: string;
  /** The name over there; null for the whole module (`import * as x`, `import x`, `require`), `default` for a default export. */
  readonly imported: string | null;
}

/** A name that other modules can import. In Python every name of the module scope is one. */
export interface SourceExport {
  readonly exported: string;
  /** The name in the module scope; null where `value` is exported directly or another module's name is passed on. */
  readonly local: string | null;
  readonly value: SourceValue | null;
  /** `export { a as b } from "./x"`; `imported` is null for `export *` (then `exported` is "*"). */
  readonly from: { readonly module: string; readonly imported: string | null } | null;
}

/**
 * A name gets a value. Functions, classes and enums are bound to their names too. A class field or attribute is bound
 * in the scope of its class by its plain name; `this.prompt = …` in the scope of the method by that path.
 */
export interface SourceBinding extends Span {
  /** A name, or a path of properties from one: `SYSTEM`, `this.prompt`, `self.prompt`, `PROMPTS.triage`. */
  readonly name: string;
  readonly value: SourceValue;
  /** `add` for `+=`, `append` for `list.push(x)` and `list.append(x)`. */
  readonly operator: "set" | "add" | "append";
  /** `const`, a class field, a name in capitals at the module level, or the like. */
  readonly isConstant: boolean;
}

export interface SourceParameter extends Span {
  /** The local name; a destructured parameter has the `position` of the whole parameter. Rest parameters too. */
  readonly name: string;
  readonly position: number;
  /** The property it is taken from; null where it is the whole argument. */
  readonly property: string | null;
  readonly fallback: SourceValue | null;
  /** The source of its type, where one is written; null where none is. */
  readonly type: string | null;
}

export interface SourceScope extends Span {
  /** Null for the module. */
  readonly parent: number | null;
  readonly kind: "module" | "function" | "class";
  /** Of the function or class; null where it has none. A method has its own name, and its class as parent. */
  readonly name: string | null;
  readonly parameters: readonly SourceParameter[];
  readonly bindings: readonly SourceBinding[];
  /** What it returns; the body of an arrow function without braces too. */
  readonly returns: readonly SourceValue[];
  /** Dotted names of its decorators, such as `agent.tool`; absent for none. */
  readonly decorators?: readonly string[];
  /** Dotted names of the classes that it extends, such as `dspy.Signature`; absent for none. */
  readonly bases?: readonly string[];
}

export interface SourceArgument extends Span {
  /** Of a keyword argument; null for one by position. */
  readonly name: string | null;
  readonly value: SourceValue;
}

export interface SourceCall extends Span {
  /**
   * `client.chat.completions.create` as its steps; a step that is no name, such as a call, is "()", a subscript "[]":
   * `getClient().chat` is `getClient`, `()`, `chat`. Of a longer path the last 16.
   */
  readonly callee: readonly string[];
  /** The value that the last step is read from, or that is called where the last step is "()"; null for a plain name. */
  readonly receiver: SourceValue | null;
  readonly calleeSpan: Span;
  readonly arguments: readonly SourceArgument[];
  readonly isNew: boolean;
  /** Whether it is awaited where it stands. */
  readonly isAwaited: boolean;
  readonly scope: number;
}

/** One step of where a text stands, from the text outward. */
export type ContextStep =
  | { readonly kind: "binding"; readonly name: string }
  | { readonly kind: "property"; readonly name: string }
  | { readonly kind: "item"; readonly index: number }
  | {
      readonly kind: "argument";
      /** Index into the module's calls. */
      readonly call: number;
      readonly name: string | null;
      readonly position: number;
    }
  | { readonly kind: "return"; readonly function: string | null }
  | { readonly kind: "default"; readonly parameter: string }
  | { readonly kind: "docstring" }
  | { readonly kind: "thrown" }
  | { readonly kind: "markup" }
  | { readonly kind: "tag"; readonly name: string }
  | { readonly kind: "comparison" }
  | { readonly kind: "subscript" }
  | {
      readonly kind: "decorator";
      /** Dotted. A docstring has one such step for each decorator of its function or class. */
      readonly name: string;
    }
  | { readonly kind: "type" }
  | { readonly kind: "statement" }
  | { readonly kind: "piece" };

/** An outermost text, concatenation or format of the file, with what stands around it. */
export interface SourceText {
  readonly value: SourceValue;
  readonly scope: number;
  /** Innermost first, up to the statement; a step that says nothing (parentheses, `await`, a cast, a choice) is left out. */
  readonly context: readonly ContextStep[];
}

export interface SourceModule extends SourceFile {
  readonly imports: readonly SourceImport[];
  readonly exports: readonly SourceExport[];
  /** The module itself is the first. */
  readonly scopes: readonly SourceScope[];
  /** In the order of their beginnings. */
  readonly calls: readonly SourceCall[];
  /** In the order of their beginnings; imports' module names, object keys and directives are none. */
  readonly texts: readonly SourceText[];
  /** Comments that speak to Colophon: `colophon: ignore` and the like, with their line (from 1). */
  readonly directives: readonly { readonly line: number; readonly text: string }[];
  /** Where the parser could not follow; what it understood is here all the same. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}
