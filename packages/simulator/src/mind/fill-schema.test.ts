/** Tests of schemas filled from what was read. */

import { expect, test } from "vitest";
import { findProfile } from "../profiles.ts";
import type { ChoiceConditions } from "./choose-label.ts";
import { extractValue } from "./extract-value.ts";
import { fillSchema, type SchemaFilling } from "./fill-schema.ts";
import type { SchemaNode } from "./mind-request.ts";

const CONDITIONS: ChoiceConditions = {
  profile: findProfile("gpt-5"),
  temperature: 0,
  effort: "none",
  noise: { seed: 1, content: "", occurrence: 0 },
  purpose: "field",
};

function fill(root: SchemaNode, more: Partial<SchemaFilling> = {}): unknown {
  const data = "Hello,\nI was charged 49 dollars twice. Please refund me by 2026-03-04 at ada@example.org.";
  return fillSchema({
    root,
    data,
    choose: (_, options) => options[1] ?? "",
    extract: (_, field) => extractValue(field, data, CONDITIONS)?.text,
    reason: "Because.",
    confidence: 0.75,
    ...more,
  });
}

test("fills every kind of value by what it is called and may be", () => {
  const root = {
    type: "object",
    properties: {
      label: { type: "string", enum: ["bug", "billing"] },
      reason: { type: "string" },
      confidence: { type: "number", minimum: 0, maximum: 1 },
      stars: { type: "integer", minimum: 1, maximum: 5 },
      refund: { type: "boolean" },
      urgent: { type: "boolean" },
      email: { type: "string", format: "email" },
      due: { type: "string", format: "date" },
      short: { type: "string", maxLength: 5 },
      version: { const: 2 },
      note: { type: ["string", "null"] },
      maybe: { anyOf: [{ type: "null" }, { type: "boolean", description: "charged?" }] },
      tags: { type: "array", items: { enum: ["a", "b"] }, minItems: 2 },
      inner: { $ref: "#/$defs/inner" },
      nothing: { type: "null" },
    },
    $defs: { inner: { type: "object", properties: { amount: { type: "integer" } } } },
  };
  expect(fill(root)).toEqual({
    label: "billing",
    reason: "Because.",
    confidence: 0.75,
    stars: 5,
    refund: true,
    urgent: false,
    email: "ada@example.org",
    due: "2026-03-04",
    short: "I was",
    version: 2,
    note: "I was charged 49 dollars twice.",
    maybe: true,
    tags: ["b", "b"],
    inner: { amount: 49 },
    nothing: null,
  });
});

test("a schema that contains itself comes to an end", () => {
  const root = {
    $ref: "#/$defs/node",
    $defs: {
      node: {
        type: "object",
        properties: { next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] } },
        required: ["next"],
      },
    },
  };
  expect(JSON.stringify(fill(root))).toMatch(/^(?:\{"next":)+null\}+$/);
});

test("exclusive bounds are kept", () => {
  expect(fill({ type: "integer", exclusiveMinimum: 60 })).toBe(61);
  expect(fill({ type: "number", exclusiveMaximum: 10 })).toBe(9.99);
});

test("takes of several allowed numbers the one nearest to the mark, or to what the text says", () => {
  const root = (name: string): SchemaNode => ({
    type: "object",
    properties: { [name]: { type: "integer", enum: [1, 2, 3, 4, 5] } },
  });
  expect(fill(root("score"), { grade: () => 0.8 })).toEqual({ score: 4 });
  expect(fill(root("score"), { grade: () => 0 })).toEqual({ score: 1 });
  expect(fill(root("amount"))).toEqual({ amount: 5 });
});
