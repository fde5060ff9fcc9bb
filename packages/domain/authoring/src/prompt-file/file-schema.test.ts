/** Tests of schemas in prompt files: Picoschema as its reference reads it, JSON Schema, and what is refused. */
import { describe, expect, it } from "vitest";
import { printFileSchema } from "./print-file-schema.ts";
import { readFileSchema } from "./read-file-schema.ts";

function read(value: unknown) {
  const problems: string[] = [];
  const schema = readFileSchema({ value, path: "input.schema", problems });
  return { schema, problems };
}

const closed = { type: "object", additionalProperties: false };

describe("Picoschema", () => {
  it.each([
    ["a scalar", "string", { type: "string" }],
    ["a description", "number, the size, in cm", { type: "number", description: "the size, in cm" }],
    ["a description without a blank", "number,the size", { type: "number", description: "the size" }],
    ["anything", "any", {}],
    ["anything that is described", "any, what you like", { description: "what you like" }],
    ["no fields", {}, { ...closed, properties: {} }],
    [
      "fields, which are required unless they say otherwise and may be null then",
      { a: "boolean", "b?": "string, perhaps", "c?": "any", "d?": "null" },
      {
        ...closed,
        properties: {
          a: { type: "boolean" },
          b: { type: ["string", "null"], description: "perhaps" },
          c: {},
          d: { type: "null" },
        },
        required: ["a"],
      },
    ],
    [
      "lists",
      { "tags(array, words)": "string", "rows?(array)": { n: "integer" } },
      {
        ...closed,
        properties: {
          tags: { type: "array", items: { type: "string" }, description: "words" },
          rows: {
            type: ["array", "null"],
            items: { ...closed, properties: { n: { type: "integer" } }, required: ["n"] },
          },
        },
        required: ["tags"],
      },
    ],
    [
      "objects in objects",
      { "o(object, inner)": { a: "string" }, "p?": { "b?": "number" }, "q?(object)": {} },
      {
        ...closed,
        properties: {
          o: { ...closed, properties: { a: { type: "string" } }, required: ["a"], description: "inner" },
          p: { ...closed, type: ["object", "null"], properties: { b: { type: ["number", "null"] } } },
          q: { ...closed, type: ["object", "null"], properties: {} },
        },
        required: ["o"],
      },
    ],
    [
      "choices",
      { "c(enum, one of these)": ["A", "B"], "d?(enum)": [1, 2], "e?(enum)": [null, "x"] },
      {
        ...closed,
        properties: {
          c: { enum: ["A", "B"], description: "one of these" },
          d: { enum: [1, 2, null] },
          e: { enum: [null, "x"] },
        },
        required: ["c"],
      },
    ],
    [
      "other fields of any name",
      { a: "string", "(*)": "number, more" },
      {
        type: "object",
        properties: { a: { type: "string" } },
        required: ["a"],
        additionalProperties: { type: "number", description: "more" },
      },
    ],
    ["only other fields", { "(*)": "any" }, { type: "object", properties: {}, additionalProperties: {} }],
    [
      "a description with brackets",
      { "a(array, these (or those))": "string" },
      {
        ...closed,
        properties: { a: { type: "array", items: { type: "string" }, description: "these (or those)" } },
        required: ["a"],
      },
    ],
  ])("says %s", (_, pico, schema) => {
    expect(read(pico)).toEqual({ schema, problems: [] });
  });

  it.each([
    [5, "input.schema is 5: give Picoschema or a JSON Schema."],
    [{ a: 5 }, "input.schema.a is 5: give a type (string, number, integer, boolean, null, any) or fields."],
    [{ a: "strnig" }, 'input.schema.a is "strnig": did you mean string?'],
    [{ a: "Customer, the one" }, 'input.schema.a is "Customer, the one": the types are string,'],
    [{ a: "array" }, 'input.schema.a is "array": write it as name(array)'],
    [{ "a(list)": "string" }, "input.schema.a(list) has list in its brackets: write array, object or enum."],
    [{ "a(array": "string" }, "input.schema.a(array is no field of Picoschema"],
    [{ "?": "string" }, "input.schema.? is no field of Picoschema"],
    [{ "a(enum)": "x" }, 'input.schema.a(enum) is "x": give a list of values.'],
    [{ "a(enum)": [] }, "input.schema.a(enum) is []: give a list of values."],
    [{ "a(object)": "string" }, 'input.schema.a(object) is "string": give the fields of the object.'],
    [{ a: "string", "a?": "string" }, "input.schema.a is there twice: keep one."],
    [{ a: { b: ["x"] } }, 'input.schema.a.b is ["x"]: give a type'],
    [{ a: { type: "object", properties: {} } }, 'input.schema.a.type is "object": write it as name(object)'],
  ])("refuses %j", (pico, sentence) => {
    expect(read(pico).problems).toEqual([expect.stringContaining(sentence)]);
  });
});

describe("JSON Schema", () => {
  it.each([
    { type: "object", properties: { a: { type: "string", maxLength: 3 } }, required: ["a"] },
    { type: ["object", "null"] },
    { anyOf: [{ type: "string" }, { type: "null" }] },
    { enum: ["a", "b"] },
    { $ref: "#/$defs/a", $defs: { a: { type: "object" } } },
    { type: "object", "x-media": true, description: "string theory" },
  ])("is taken as it is: %j", (schema) => {
    expect(read(schema)).toEqual({ schema, problems: [] });
  });

  it("has the type object where it has properties and says no type", () => {
    expect(read({ properties: { a: {} } }).schema).toEqual({ type: "object", properties: { a: {} } });
  });

  it("is whatever says $schema", () => {
    const schema = { properties: { a: {} }, weird: "string" };
    expect(read({ $schema: "https://json-schema.org/draft/2020-12/schema", ...schema })).toEqual({
      schema,
      problems: [],
    });
  });

  it.each([
    [{ type: "string", name: "string" }, "by its type, or fields in Picoschema, by its name"],
    [{ type: "string", title: "string", description: "string, what it says" }, "by its type"],
    [{ properties: { a: "string" }, owner: "string" }, "by its properties"],
  ])("is refused where it may be Picoschema as well: %j", (schema, sentence) => {
    expect(read(schema).problems).toEqual([expect.stringContaining(sentence)]);
  });
});

describe("writing a schema", () => {
  it.each([
    [{ type: "string" }, "string"],
    [{}, "any"],
    [
      {
        ...closed,
        properties: { a: { type: "string", description: "b, c" }, d: { enum: [1, null], description: "e" } },
        required: ["a"],
      },
      { a: "string, b, c", "d?(enum, e)": [1] },
    ],
  ])("%j is Picoschema", (schema, pico) => {
    expect(printFileSchema(schema)).toEqual(pico);
  });

  it.each([
    ["open to other fields", { type: "object", properties: { a: { type: "string" } }, required: ["a"] }],
    ["optional and never null", { ...closed, properties: { a: { type: "string" } } }],
    [
      "a list of lists",
      {
        ...closed,
        properties: { a: { type: "array", items: { type: "array", items: {} } } },
        required: ["a"],
      },
    ],
    ["a description of two lines", { type: "string", description: "a\nb" }],
    ["a keyword that Picoschema lacks", { type: "string", minLength: 1 }],
    ["a field named type", { ...closed, properties: { type: { type: "string" } }, required: ["type"] }],
    [
      "a description that other readers would cut off",
      { ...closed, properties: { a: { type: "array", items: {}, description: "b (c)" } }, required: ["a"] },
    ],
  ])("%s is JSON Schema", (_, schema) => {
    expect(printFileSchema(schema)).toEqual(schema);
  });

  it("is marked as JSON Schema where it does not look like it", () => {
    expect(printFileSchema({ not: {} })).toEqual({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      not: {},
    });
  });
});
