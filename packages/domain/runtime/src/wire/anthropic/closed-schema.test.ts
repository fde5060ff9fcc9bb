/** Tests that schemas are rewritten as the client's own helpers rewrite them. */
import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { closedSchema } from "./closed-schema.ts";

describe("closedSchema", () => {
  it.each([
    [
      "an object with all kinds of texts",
      z.object({ a: z.string(), b: z.email(), c: z.iso.date().optional() }),
    ],
    ["numbers within bounds", z.object({ a: z.number().min(1).max(5).describe("stars"), b: z.int() })],
    ["lists", z.array(z.object({ a: z.boolean() })).min(1)],
    ["lists of a length", z.object({ a: z.array(z.string()).min(2) })],
    ["values one by one", z.object({ a: z.enum(["x", "y"]), b: z.literal("z") })],
    [
      "alternatives",
      z.object({ a: z.union([z.string(), z.object({ b: z.null() })]), c: z.string().nullable() }),
    ],
    ["patterns", z.object({ a: z.string().regex(/^a+$/).describe("only a") })],
    ["lists of lists", z.object({ a: z.array(z.array(z.object({ b: z.string() }))) })],
  ])("does as the client's helpers do with %s", (_, schema) => {
    const json = z.toJSONSchema(schema);
    expect(closedSchema(json)).toEqual(transformJSONSchema(json));
  });

  it("closes objects that are open, also those within others, and definitions", () => {
    const open = {
      type: "object",
      properties: { a: { type: "object", properties: {}, additionalProperties: { type: "string" } } },
      oneOf: [{ $ref: "#/$defs/b" }],
      $defs: { b: { type: "object", properties: { c: { type: "string", maxLength: 3 } } } },
    };
    expect(closedSchema(open)).toEqual({
      type: "object",
      additionalProperties: false,
      properties: { a: { type: "object", properties: {}, additionalProperties: false } },
      anyOf: [{ $ref: "#/$defs/b" }],
      $defs: {
        b: {
          type: "object",
          additionalProperties: false,
          properties: { c: { type: "string", description: "{maxLength: 3}" } },
        },
      },
    });
  });

  it("leaves the schema that it is given as it is", () => {
    const schema = Object.freeze({ type: "object", properties: Object.freeze({}) });
    const closed = closedSchema(schema);
    expect(closed).not.toBe(schema);
    expect(closed.properties).not.toBe(schema.properties);
  });
});
