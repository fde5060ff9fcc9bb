/** Expressions of a program as far as a scan for prompts understands them, in words that all languages share. */

/** Where something stands in its file: UTF-16 offsets, `to` exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Where a value is written: the whole expression without parentheses around it, and with the `await`, the cast or
 * the call that the reader saw through.
 */
export interface ValueSpan extends Span {
  /**
   * Calls that the value was read through, innermost first, such as `dedent`, `trim`, `strip` or `freeze`; absent
   * for none. What they do to a text is done to its pieces already, as far as holes allow.
   */
  readonly through?: readonly string[];
}

/** How a text is written. */
export type TextForm = "literal" | "template" | "f-string";

/** A text of the program, decoded: escapes are read, and what is interpolated stands between the pieces. */
export interface TextValue extends ValueSpan {
  readonly kind: "text";
  readonly form: TextForm;
  /** In order; a piece that is a string is never empty, and two strings never follow each other. */
  readonly pieces: readonly (string | SourceValue)[];
  /** The tag of a tagged template, such as `sql` or `dedent`; absent for none. */
  readonly tag?: string;
  /** Whether it is bytes, or a pattern such as `r"…"` handed to `re`; absent for a plain text. */
  readonly isBytes?: true;
}

/** A name, looked up in the scope where it stands. */
export interface NameValue extends ValueSpan {
  readonly kind: "name";
  readonly name: string;
  /** Index into the module's scopes. */
  readonly scope: number;
}

/**
 * `object.property`, `object["property"]` or `object[0]`; of a destructured name too. Where it is computed which one
 * is meant, or a loop goes through all of them, the property is "[]".
 */
export interface MemberValue extends ValueSpan {
  readonly kind: "member";
  readonly object: SourceValue;
  readonly property: string;
}

/**
 * What is added up with `+`, or joined: `a + b`, `"…" "…"`, `[a, b].join(s)`, `s.join([a, b])`. Where what is joined
 * is no list in place, its only part is a `spread` of it.
 */
export interface ConcatenationValue extends ValueSpan {
  readonly kind: "concatenation";
  readonly parts: readonly SourceValue[];
  /** What `join` puts between them; null for `+` and for adjacent literals. */
  readonly separator: SourceValue | null;
}

/**
 * A template filled by `.format(…)`, `%`, `.replace("{x}", y)`, `Template(…).substitute(…)` or `util.format`, or by a
 * function that is asked for each `{{x}}`.
 */
export interface FormatValue extends ValueSpan {
  readonly kind: "format";
  readonly style: "format" | "percent" | "replace" | "substitute" | "mustache";
  readonly template: SourceValue;
  /**
   * By name, or by position as "0", "1", …; of `replace` by the text that is replaced, in the order of the calls.
   * `*values` is named "*" and `**values` "**", both of kind `spread`.
   */
  readonly values: readonly { readonly name: string; readonly value: SourceValue }[];
}

export interface ListValue extends ValueSpan {
  readonly kind: "list";
  /** Spread elements are of kind `spread`. */
  readonly items: readonly SourceValue[];
  /** Of a comprehension: its one item stands for any number; absent for a list in place. */
  readonly isRepeated?: true;
}

/** `...items` or `*items`, in lists, objects and arguments. */
export interface SpreadValue extends ValueSpan {
  readonly kind: "spread";
  readonly value: SourceValue;
}

/** An object literal or a dictionary; computed keys are null. */
export interface ObjectValue extends ValueSpan {
  readonly kind: "object";
  readonly entries: readonly {
    readonly key: string | null;
    /** Of kind `spread` where the entry is a spread. */
    readonly value: SourceValue;
    readonly span: Span;
  }[];
}

/** A call; its facts are in the module's `calls`. */
export interface CallValue extends ValueSpan {
  readonly kind: "call";
  /** Index into the module's calls. */
  readonly call: number;
}

/** One of several: `a ? b : c`, `a || b`, `a ?? b`, `b if a else c`; of `a && b` the last alone. */
export interface ChoiceValue extends ValueSpan {
  readonly kind: "choice";
  readonly options: readonly SourceValue[];
}

/** A function as a value, whose scope holds what it returns; or a class, whose scope has the kind `class`. */
export interface FunctionValue extends ValueSpan {
  readonly kind: "function";
  readonly scope: number;
}

/** A number, a boolean or null, as model parameters are. */
export interface PlainValue extends ValueSpan {
  readonly kind: "plain";
  readonly value: number | boolean | null;
}

/** Anything else; its source is in the file. */
export interface UnknownValue extends ValueSpan {
  readonly kind: "unknown";
}

export type SourceValue =
  | TextValue
  | NameValue
  | MemberValue
  | ConcatenationValue
  | FormatValue
  | ListValue
  | SpreadValue
  | ObjectValue
  | CallValue
  | ChoiceValue
  | FunctionValue
  | PlainValue
  | UnknownValue;
