/** Tests which schemas may be sent in strict mode. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isStrict } from "./strict-schema.ts";

const strict = (schema: z.ZodType): boolean => isStrict(z.toJSONSchema(schema) as Record<string, unknown>);

describe("isStrict", () => {
  it("takes closed objects of which every property is required", () => {
    expect(strict(z.object({ label: z.enum(["a", "b"]), why: z.string().nullable() }))).toBe(true);
    expect(strict(z.object({ items: z.array(z.object({ name: z.string() })) }))).toBe(true);
    expect(strict(z.object({ either: z.union([z.string(), z.object({ a: z.boolean() })]) }))).toBe(true);
    expect(isStrict({ type: "object", properties: {}, additionalProperties: false })).toBe(true);
  });

  it.each([
    ["an optional property", z.object({ a: z.string().optional() })],
    ["an open object", z.looseObject({ a: z.string() })],
    ["an open object within", z.object({ a: z.array(z.looseObject({})) })],
    ["keywords that not every model takes", z.object({ a: z.string().max(3) })],
    ["no object", z.array(z.string())],
    ["alternatives at the top", z.union([z.object({}), z.object({ a: z.string() })])],
  ])("does not take %s", (_, schema) => {
    expect(strict(schema)).toBe(false);
  });

  it("does not take what nests too deep, or what is no schema", () => {
    const nested = (depth: number): z.ZodType =>
      depth === 0 ? z.string() : z.object({ in: nested(depth - 1) });
    expect(strict(nested(5))).toBe(true);
    expect(strict(nested(6))).toBe(false);
    expect(
      isStrict({ type: "object", properties: { a: true }, required: ["a"], additionalProperties: false }),
    ).toBe(false);
    expect(isStrict({ type: "object", additionalProperties: false })).toBe(false);
  });

  it("takes a schema that refers to itself", () => {
    const node = {
      type: "object",
      properties: { next: { anyOf: [{ $ref: "#" }, { type: "null" }] } },
      required: ["next"],
      additionalProperties: false,
    };
    expect(isStrict(node)).toBe(true);
  });
});
