/** Reads Google's own schema dialect (types in capitals, `nullable`) as JSON Schema. */

import type { SchemaNode } from "../../mind/mind-request.ts";
import { isObject } from "../json-object.ts";

/** Holds for JSON Schema too, which passes unchanged. */
export function readGoogleSchema(node: SchemaNode): SchemaNode {
  const entries = Object.entries(node).flatMap(([key, value]): readonly [string, unknown][] => {
    if (key === "nullable") return [];
    if (key === "type" && typeof value === "string") {
      const type = value.toLowerCase();
      return [[key, node.nullable === true ? [type, "null"] : type]];
    }
    if (key === "minItems" || key === "maxItems" || key === "minLength" || key === "maxLength")
      return [[key, Number(value)]];
    if (Array.isArray(value))
      return [[key, value.map((each) => (isObject(each) ? readGoogleSchema(each) : each))]];
    return [[key, isObject(value) ? readGoogleSchema(value) : value]];
  });
  return Object.fromEntries(entries);
}
