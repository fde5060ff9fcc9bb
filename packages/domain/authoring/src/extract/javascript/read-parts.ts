/** Reads a message that is written as a list of parts, where each of them is a text. */
import type { Node } from "@babel/types";
import { keyOf } from "./imported-name.ts";
import type { Writer } from "./known-calls.ts";
import { bare } from "./program.ts";

/** The text of a part, and whether a provider's cache may end behind it. */
export interface TextPart {
  readonly text: Node;
  readonly isCached: boolean;
}

export type ReadParts = { readonly parts: readonly TextPart[] } | { readonly why: string };

/** What a part that is a text is called. */
const TEXT_TYPES: Readonly<Record<Writer, string>> = {
  openai: "text",
  responses: "input_text",
  anthropic: "text",
  ai: "text",
};

/**
 * Of Anthropic any number, since a system text is a list of blocks and turns of one role are joined by the endpoint;
 * of others one, which is the same as its text alone.
 */
export function readParts(list: Node & { readonly type: "ArrayExpression" }, writer: Writer): ReadParts {
  const parts: TextPart[] = [];
  for (const element of list.elements) {
    const part = element && readPart(bare(element), writer);
    if (part === undefined || part === null) {
      return {
        why: "a message holds more than texts that are written out, such as an image: declare a prompt with media by hand, and pass it as a variable",
      };
    }
    if (typeof part === "string") return { why: part };
    parts.push(part);
  }
  const [first] = parts;
  if (first === undefined) return { why: "a message has no parts" };
  if (writer === "anthropic" || parts.length === 1) return { parts };
  return { why: "a message is made of several parts, and one of a prompt is one text: write it as one" };
}

/** Why it cannot be one, as a sentence; undefined for what is no text. */
function readPart(node: Node, writer: Writer): TextPart | string | undefined {
  if (node.type !== "ObjectExpression") return undefined;
  let isText = false;
  let text: Node | undefined;
  let isCached = false;
  for (const property of node.properties) {
    if (property.type !== "ObjectProperty" || property.computed) return undefined;
    const key = keyOf(property.key);
    const value = bare(property.value);
    if (key === "type") isText = value.type === "StringLiteral" && value.value === TEXT_TYPES[writer];
    else if (key === "text") text = property.value;
    else if (key === "cache_control" && writer === "anthropic") {
      if (!isPlainMark(value))
        return "a cache mark says more than where the cache ends (such as a ttl), which a declaration cannot say";
      isCached = true;
    } else return undefined;
  }
  return isText && text !== undefined ? { text, isCached } : undefined;
}

/** `{ type: "ephemeral" }` */
function isPlainMark(node: Node): boolean {
  return isObjectOf(node, "type", (value) => value.type === "StringLiteral" && value.value === "ephemeral");
}

/** `{ anthropic: { cacheControl: { type: "ephemeral" } } }`, which the AI SDK takes for one. */
export function isProviderMark(node: Node): boolean {
  return isObjectOf(bare(node), "anthropic", (inner) => isObjectOf(inner, "cacheControl", isPlainMark));
}

function isObjectOf(node: Node, key: string, holds: (value: Node) => boolean): boolean {
  if (node.type !== "ObjectExpression" || node.properties.length !== 1) return false;
  const [only] = node.properties;
  return (
    only?.type === "ObjectProperty" && !only.computed && keyOf(only.key) === key && holds(bare(only.value))
  );
}
