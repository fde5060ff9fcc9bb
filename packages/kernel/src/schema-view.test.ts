/** Tests what schemas say of null, as libraries write it. */
import { describe, expect, it } from "vitest";
import { allowsNull } from "./schema-view.ts";

const string = { type: "string" };

describe("allowsNull", () => {
  it.each([
    [{ type: "null" }, true],
    [{ type: ["string", "null"] }, true],
    [{ oneOf: [string, { anyOf: [{ type: "null" }] }] }, true],
    [{ const: null }, true],
    [{ enum: ["a", null] }, true],
    [{ type: "string", enum: ["a", null] }, false],
    [string, false],
    [{}, false],
  ])("says of %j: %s", (schema, expected) => {
    expect(allowsNull(schema)).toBe(expected);
  });
});
