/** Tests of checks by JSON Schema: what they find, what they fill in, and what they refuse to do. */
import { errorCodeOf } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WORK_KEYWORD } from "./bounds/bound-schema.ts";
import { isWithinDepth } from "./bounds/bound-value.ts";
import { checkerOf } from "./schema-checker.ts";

function look(schema: object, value: unknown): unknown {
  const result = checkerOf(schema as never)(value);
  if (result instanceof Promise) throw new Error("a promise");
  if (result.issues === undefined) return { value: result.value };
  return result.issues.map(({ message, path = [] }) => `${path.join(".")} ${message}`.trim());
}

function codeOf(attempt: () => unknown): string | undefined {
  try {
    attempt();
  } catch (error) {
    return errorCodeOf(error);
  }
  return undefined;
}

describe("A check by JSON Schema", () => {
  test("fills defaults into a copy, also behind references", () => {
    const schema = {
      $id: "https://example.org/contract",
      type: "object",
      properties: { tone: { type: "string", default: "kind" }, user: { $ref: "#/$defs/user" } },
      $defs: { user: { type: "object", properties: { name: { default: "Ada" } } } },
    };
    const given = { user: {} };
    expect(look(schema, given)).toEqual({ value: { tone: "kind", user: { name: "Ada" } } });
    expect(given).toEqual({ user: {} });
  });

  test.each<readonly [string, object, unknown, unknown]>([
    ["a missing property", { required: ["a"] }, {}, ["a is missing"]],
    ["another type", { properties: { a: { type: "string" } } }, { a: 1 }, ["a must be string"]],
    ["a pattern", { pattern: "^[a-z]+$" }, "A", ['must match pattern "^[a-z]+$"']],
    [
      "names by pattern",
      { patternProperties: { "^x": { type: "number" } } },
      { x1: "a" },
      ["x1 must be number"],
    ],
    [
      "doubles",
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      ["must NOT have duplicate items"],
    ],
    ["no doubles", { uniqueItems: true }, [1, "1", [1], null], { value: [1, "1", [1], null] }],
    ["doubles that are allowed", { uniqueItems: false }, [1, 1], { value: [1, 1] }],
    ["an anchor", { $defs: { n: { $anchor: "n", type: "number" } }, $ref: "#n" }, "x", ["must be number"]],
    ["a place with signs", { $defs: { "a/b~c": { const: 1 } }, $ref: "#/$defs/a~1b~0c" }, 1, { value: 1 }],
    ["a depth", {}, { a: nested(200) }, ["nests more than 200 deep"]],
  ])("tells of %s", (...[, schema, value, said]) => {
    expect(look(schema, value)).toEqual(said);
  });

  test("looks for the format alone where the pattern beside it cannot be looked for", () => {
    const email = { format: "email", pattern: "^(?!\\.)(?!.*\\.\\.)[a-z.]+@[a-z.]+$" };
    expect(look(email, "ada@example.org")).toEqual({ value: "ada@example.org" });
    expect(look(email, "ada")).toEqual(['must match format "email"']);
    expect(codeOf(() => look({ pattern: email.pattern }, "ada"))).toBe("schema-unsupported");
  });

  test.each<readonly [string, object]>([
    ["leads out of it", { $ref: "https://example.org/other" }],
    ["leads to no subschema", { stuff: { a: {} }, $ref: "#/stuff/a" }],
    [
      "leads to a name that nests schemas under another",
      { properties: { stuff: { a: {} }, "stuff/a": {} }, $ref: "#/properties/stuff/a" },
    ],
    ["leads nowhere", { $ref: "#/$defs/absent" }],
    ["is broken", { $ref: "#/%" }],
    ["has a base of its own", { $defs: { a: { $id: "https://example.org/a" } } }],
    ["is dynamic", { $dynamicRef: "#a" }],
    ["is no schema", { type: "no type" }],
    ["has too many subschemas", { anyOf: Array.from({ length: 3_000 }, () => ({})) }],
    ["has too large a constant", { const: "x".repeat(1_100_000) }],
  ])("refuses a schema that %s", (_, schema) => {
    expect(codeOf(() => checkerOf(schema as never))).toBe("schema-unsupported");
  });

  test("counts the work of each value anew, and cannot be told how much it is", () => {
    const row = { type: "object", properties: { a: { type: "string" } }, [WORK_KEYWORD]: [0, 0] };
    const check = checkerOf({ type: "array", items: { anyOf: [row, { $ref: "#" }] } });
    const rows = Array.from({ length: 20_000 }, () => ({ a: "x" }));
    for (let time = 0; time < 5; time++) expect(check(rows)).toEqual({ value: rows });
  });
});

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

test("A value is within a depth where no list or object of it stands deeper", () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), (depth, most) => {
      expect(isWithinDepth({ a: [1, nested(depth)] }, most + 2)).toBe(depth <= most);
    }),
  );
  expect(isWithinDepth(nested(1_000_000))).toBe(false);
});
