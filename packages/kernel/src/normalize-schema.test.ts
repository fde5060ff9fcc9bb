/** Tests the one form of schemas that say the same. */
import { describe, expect, it } from "vitest";
import { normalizeSchema } from "./normalize-schema.ts";

describe("normalizeSchema", () => {
  it("drops $schema and empty required, and sorts required, at every depth", () => {
    const inner = { $schema: "x", type: "object", required: ["b", "a", "b"], properties: { a: {}, b: {} } };
    const clean = { type: "object", required: ["a", "b"], properties: { a: {}, b: {} } };
    const holders = (schema: unknown) => ({
      properties: { p: schema, q: { items: schema } },
      $defs: { d: schema },
      anyOf: [schema],
      additionalProperties: schema,
      required: [],
    });
    const { required: _, ...expected } = holders(clean);
    expect(normalizeSchema({ $schema: "y", ...holders(inner) })).toEqual(expected);
  });

  it("leaves properties alone that are named like keywords", () => {
    const schema = {
      type: "object",
      properties: { required: { type: "array" }, $schema: { type: "string" }, items: {} },
    };
    expect(normalizeSchema(schema)).toEqual(schema);
  });

  it("does not touch values: defaults, constants, enums and examples keep their order", () => {
    const value = { $schema: "kept", required: ["b", "a"] };
    const schema = {
      default: value,
      const: value,
      enum: [value, "b", "a"],
      examples: [value],
      "x-form": value,
    };
    expect(normalizeSchema(schema)).toEqual(schema);
  });

  it("leaves what stands under any other keyword, so that hashes taken once hold", () => {
    const value = { $schema: "kept", required: ["b", "a"] };
    const others = ["dependencies", "dependentRequired", "contentSchema", "unevaluatedItems", "unheard-of"];
    const schema = Object.fromEntries(others.map((keyword) => [keyword, value]));
    expect(normalizeSchema(schema)).toEqual(schema);
  });

  it("keeps schemas that are true or false, and lists as items", () => {
    const items = [{ type: "object", required: ["b", "a"] }];
    const schema = { additionalProperties: false, properties: { a: true }, items };
    expect(normalizeSchema(schema)).toEqual(schema);
  });

  it("says the same of what it normalised before", () => {
    const once = normalizeSchema({ required: ["b", "a"], properties: { a: { $schema: "x" }, b: {} } });
    expect(normalizeSchema(once)).toEqual(once);
  });
});
