/** Names for variables, from the expressions that they stand for. */
import type { Node } from "@babel/types";
import { keyOf } from "./javascript/imported-name.ts";
import { bare, childrenOf } from "./javascript/program.ts";

/** Words of the template language, and literals, which no variable may be called. */
const TAKEN = new Set(
  "history role json if else unless each this true false null undefined with lookup log index first last root".split(
    " ",
  ),
);
const MAX_LENGTH = 40;

/** Such as `ticketBody` for `ticket.body`. */
export function nameValue(expression: Node): string {
  return asName(wordsOf(expression, 0)) ?? "value";
}

/** Such as `planIsPro` for `plan === "pro"`, and `hasPlan` for a plan that is no boolean. */
export function nameTest(expression: Node, isBoolean: boolean): string {
  const node = bare(expression);
  if (node.type === "UnaryExpression" && node.operator === "!") {
    const words = wordsOf(node.argument, 0);
    return asName(["no", ...words]) ?? "isNot";
  }
  if (node.type === "BinaryExpression") {
    const right = bare(node.right);
    const words = wordsOf(node.left, 0);
    if (/^[!=]==?$/.test(node.operator) && right.type === "StringLiteral") {
      return asName([...words, node.operator.startsWith("!") ? "isNot" : "is", right.value]) ?? "isSo";
    }
    return asName(["has", ...words.filter((word) => word !== "length")]) ?? "isSo";
  }
  const words = wordsOf(node, 0);
  if (words.at(-1) === "length") return asName(["has", ...words.slice(0, -1)]) ?? "isSo";
  return (
    asName(
      /^(Identifier|MemberExpression)$/.test(node.type)
        ? [...(isBoolean ? [] : ["has"]), ...words]
        : ["is", ...words],
    ) ?? "isSo"
  );
}

/** The name, or the first of its kind that is free. */
export function uniqueName(base: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}${number}`;
    if (!taken.has(name) && !TAKEN.has(name)) return name;
  }
}

/** Two steps of a path say enough. */
const STEPS = 2;
const MAX_DEPTH = 30;
const WRAPPERS = new Set([
  "String",
  "Number",
  "Boolean",
  "stringify",
  "encodeURIComponent",
  "escape",
  "sanitize",
]);
/** `moment.toISOString()` is about the moment. */
const SAYS_SAME = /^to([A-Z]\w*)?(String|Case)$|^to(Fixed|Precision|JSON)$/;
const VERBS = /^(get|fetch|load|find|read|format|render|build|make|create|compute|to|as)(?=[A-Z])/;

function wordsOf(expression: Node, depth: number): readonly string[] {
  const node = bare(expression);
  if (depth > MAX_DEPTH) return [];
  switch (node.type) {
    case "Identifier":
      return [node.name];
    case "AwaitExpression":
    case "UnaryExpression":
      return wordsOf(node.argument, depth + 1);
    case "MemberExpression":
    case "OptionalMemberExpression": {
      const name = node.computed ? undefined : keyOf(node.property);
      const object = wordsOf(node.object, depth + 1);
      return name === undefined ? object : [...object, name].slice(-STEPS);
    }
    case "CallExpression":
    case "OptionalCallExpression":
      return callWords(node, depth);
    case "NewExpression":
      return wordsOf(node.callee, depth + 1);
    default: {
      for (const child of childrenOf(node)) {
        const words = wordsOf(child, depth + 1);
        if (words.length > 0) return words;
      }
      return [];
    }
  }
}

function callWords(
  node: Node & { readonly callee: Node; readonly arguments: readonly Node[] },
  depth: number,
): readonly string[] {
  const callee = bare(node.callee);
  const [first] = node.arguments;
  const name = callee.type === "Identifier" ? callee.name : memberName(callee);
  if (name !== undefined && WRAPPERS.has(name) && first !== undefined) return wordsOf(first, depth + 1);
  if (callee.type === "Identifier") return [callee.name.replace(VERBS, "")];
  const { object } = callee as { readonly object?: Node };
  // `list.join()` is about the list, `store.findTicket()` about what is found.
  if (name !== undefined && VERBS.test(name) && !SAYS_SAME.test(name)) return [name.replace(VERBS, "")];
  return object === undefined ? [] : wordsOf(object, depth + 1);
}

function memberName(node: Node): string | undefined {
  if (node.type !== "MemberExpression" && node.type !== "OptionalMemberExpression") return undefined;
  return node.computed ? undefined : keyOf(node.property);
}

/** In camel case, of what the template language takes; undefined where nothing is left. */
export function asName(words: readonly string[]): string | undefined {
  const parts = words
    .flatMap((word) => word.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2").split(/[^\p{L}\p{N}]+/u))
    .filter((part) => part !== "");
  const name = parts
    .map((part, index) => {
      const lower = part === part.toUpperCase() ? part.toLowerCase() : part;
      const [head = ""] = lower;
      return (index === 0 ? head.toLowerCase() : head.toUpperCase()) + lower.slice(head.length);
    })
    .join("")
    .slice(0, MAX_LENGTH);
  return /^[\p{L}_]/u.test(name) ? name : undefined;
}
