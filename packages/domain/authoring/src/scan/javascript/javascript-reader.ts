/** What the parts of the JavaScript reader share: how each asks for what stands inside it. */
import type { Node } from "@babel/types";
import { type ModuleDraft, tellTexts } from "../source/module-draft.ts";
import type { Place } from "../source/place.ts";
import type { SourceValue, Span } from "../source/source-value.ts";

export interface JavaScriptReader {
  readonly draft: ModuleDraft;
  /** Reads an expression as a part of something: the caller tells of its texts. */
  part(node: Node, place: Place): SourceValue;
  /** Reads a statement, or whatever else is no expression. */
  walk(node: Node, place: Place): void;
}

/** How an expression of each kind is read. */
export type ExpressionTable = {
  readonly [Type in Node["type"]]?: (
    reader: JavaScriptReader,
    node: Extract<Node, { type: Type }>,
    place: Place,
  ) => SourceValue;
};

/** How a statement of each kind is read. */
export type StatementTable = {
  readonly [Type in Node["type"]]?: (
    reader: JavaScriptReader,
    node: Extract<Node, { type: Type }>,
    place: Place,
  ) => void;
};

/** Reads an expression that stands for itself, and tells of its texts. */
export function readValue(reader: JavaScriptReader, node: Node, place: Place): SourceValue {
  const value = reader.part(node, place);
  tellTexts(reader.draft, value, place);
  return value;
}

export function spanOf(node: Node): Span {
  return { from: node.start ?? 0, to: node.end ?? 0 };
}

export function unknown(span: Span): SourceValue {
  return { kind: "unknown", from: span.from, to: span.to };
}

/** The name of a property or class member as written; null where it is computed. */
export function keyName(key: Node, isComputed: boolean): string | null {
  switch (key.type) {
    case "Identifier":
      return isComputed ? null : key.name;
    case "PrivateName":
      return `#${key.id.name}`;
    case "StringLiteral":
      return key.value;
    case "NumericLiteral":
      return String(key.value);
    case "TemplateLiteral":
      return key.expressions.length === 0 ? (key.quasis[0]?.value.cooked ?? null) : null;
    default:
      return null;
  }
}

/** `a.b.c` as a path of names; null where a step is none. */
export function pathOf(node: Node): string | null {
  const steps: string[] = [];
  let at = node;
  while (at.type === "MemberExpression" || at.type === "OptionalMemberExpression") {
    const name = keyName(at.property, at.computed);
    if (name === null) return null;
    steps.unshift(name);
    at = withoutCasts(at.object);
  }
  if (at.type === "ThisExpression") return ["this", ...steps].join(".");
  return at.type === "Identifier" ? [at.name, ...steps].join(".") : null;
}

/** The expression inside of casts and assertions, which say nothing of the value. */
export function withoutCasts(node: Node): Node {
  let at = node;
  for (;;) {
    switch (at.type) {
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "TSTypeAssertion":
      case "TSInstantiationExpression":
      case "TypeCastExpression":
      case "ParenthesizedExpression":
        at = at.expression;
        break;
      case "SequenceExpression": {
        // Compiled modules call what they import as `(0, client.chat)(…)`.
        const [first, last, ...more] = at.expressions;
        if (first?.type !== "NumericLiteral" || last === undefined || more.length > 0) return at;
        at = last;
        break;
      }
      default:
        return at;
    }
  }
}
