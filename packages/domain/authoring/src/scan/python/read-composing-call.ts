/** Methods that make a text of others: `join`, `format`, `replace`, `substitute`, `strip` and the like. */
import { seenThrough } from "../source/adjust-text.ts";
import { pieceOf } from "../source/module-draft.ts";
import type { Place } from "../source/place.ts";
import type { FormatValue, SourceValue } from "../source/source-value.ts";
import {
  childNamed,
  type PythonReader,
  readValue,
  sourceOf,
  spanOf,
  withoutParentheses,
} from "./python-reader.ts";
import type { PythonNode } from "./python-tree.ts";
import { argumentsOf, type WrittenArgument } from "./read-call.ts";
import { keyOf, readListParts, readNamedValues, spread } from "./read-collection.ts";

/** A call that is read as the text that it makes; `object` is what it is called on. */
export type ComposingCall = { readonly object: PythonNode; readonly given: readonly WrittenArgument[] } & (
  | { readonly kind: "join"; readonly items: PythonNode }
  | { readonly kind: "format" | "substitute" }
  | { readonly kind: "replace"; readonly needle: string; readonly replacement: PythonNode }
  | { readonly kind: "through"; readonly name: string }
);

const SEEN_THROUGH = new Set(["strip", "lstrip", "rstrip", "expandtabs"]);
const LISTS = /^(?:Array|Tuple|Set|.*Comprehension)Expression$/;
const TEXTS = new Set(["String", "FormatString", "ContinuedString"]);

/** How a call composes; null where it is to be read as a call. */
export function composingCall(reader: PythonReader, node: PythonNode): ComposingCall | null {
  const member = withoutParentheses(node.children[0]!);
  const property = member.name === "MemberExpression" ? childNamed(member, "PropertyName") : null;
  if (property === null) return null;
  const object = member.children[0]!;
  const name = sourceOf(reader, property);
  const list = childNamed(node, "ArgList");
  const given = argumentsOf(reader, list);
  const parts = { object, given };
  if (SEEN_THROUGH.has(name))
    return { kind: "through", name: given.length === 0 ? name : `${name}(…)`, ...parts };
  switch (name) {
    case "join": {
      const isGenerated = given[0]?.nodes.some((other) => other.name === "for") === true;
      const items = isGenerated ? list! : given[0]?.value;
      const isText = TEXTS.has(withoutParentheses(object).name);
      const isList = isGenerated || LISTS.test(items ? withoutParentheses(items).name : "");
      const isJoin = given.length === 1 && given[0]!.name === null && (isText || isList);
      return isJoin ? { kind: "join", items: items!, ...parts } : null;
    }
    case "format":
    case "format_map":
      return given.length > 0 ? { kind: "format", ...parts } : { kind: "through", name, ...parts };
    case "substitute":
    case "safe_substitute":
      return { kind: "substitute", ...parts };
    case "replace":
      return replacing(reader, parts);
    default:
      return null;
  }
}

/** `date.replace(hour=1)` has no text to replace. */
function replacing(
  reader: PythonReader,
  parts: { readonly object: PythonNode; readonly given: readonly WrittenArgument[] },
): ComposingCall | null {
  const [pattern, replacement] = parts.given;
  if (pattern?.name !== null || replacement?.name !== null) return null;
  const needle = keyOf(reader, pattern.value);
  if (needle === null || withoutParentheses(pattern.value).name === "Number")
    return { kind: "through", name: "replace", ...parts };
  return { kind: "replace", needle, replacement: replacement.value, ...parts };
}

/** What the call makes of the value that it is called on. */
export function readComposed(
  reader: PythonReader,
  { node, composing }: { readonly node: PythonNode; readonly composing: ComposingCall },
  { value, place }: { readonly value: SourceValue; readonly place: Place },
): SourceValue {
  const span = spanOf(node);
  const inside = pieceOf(place);
  switch (composing.kind) {
    case "through":
      for (const argument of composing.given) readValue(reader, argument.value, inside);
      return seenThrough(value, composing.name, span);
    case "join":
      return {
        kind: "concatenation",
        parts: readListParts(reader, composing.items, inside),
        separator: value,
        ...span,
      };
    case "replace": {
      const filled = { name: composing.needle, value: reader.part(composing.replacement, inside) };
      if (value.kind === "format" && value.style === "replace") {
        return { ...value, values: [...value.values, filled], ...span };
      }
      return { kind: "format", style: "replace", template: value, values: [filled], ...span };
    }
    default: {
      const isMapping = composing.kind === "substitute" || isFormatMap(reader, node);
      const values = valuesOf(reader, composing.given, { place: inside, isMapping });
      return { kind: "format", style: composing.kind, template: value, values, ...span };
    }
  }
}

function isFormatMap(reader: PythonReader, node: PythonNode): boolean {
  const member = withoutParentheses(node.children[0]!);
  return sourceOf(reader, member).endsWith("format_map");
}

/** What a template is filled with; `isMapping`: one by position is a dictionary. */
function valuesOf(
  reader: PythonReader,
  given: readonly WrittenArgument[],
  { place, isMapping }: { readonly place: Place; readonly isMapping: boolean },
): FormatValue["values"] {
  return given.flatMap(({ name, value, nodes }, position): FormatValue["values"] => {
    const dictionary = withoutParentheses(value);
    const isSpread = name === "**" || (isMapping && name === null);
    if (isSpread && dictionary.name === "DictionaryExpression")
      return readNamedValues(reader, dictionary, place);
    const read = reader.part(value, place);
    if (isSpread || name === "*") return [{ name: isSpread ? "**" : "*", value: spread(read, nodes) }];
    return [{ name: name ?? String(position), value: read }];
  });
}
