/** Tests the pattern that finds the sources which say a name. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namePattern } from "./name-pattern.ts";

describe("namePattern", () => {
  it.each([
    ["système", "desk.système = 1", true],
    ["système", "desk.systèmes = 1", false],
    ["$tone", "a+$tone", true],
    ["tone", "a+$tone", false],
    ["#words", "this.#words", true],
    ["\u001b[31mred", 'import x from "./\u001b[31mred.js"', true],
  ])("of %j in %j is %s", (name, source, isSaid) => {
    expect(namePattern("other", name).test(source)).toBe(isSaid);
  });

  it("finds every name that stands by itself, whatever a file's name holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (name) => {
        expect(namePattern(name).test(`("${name}")`)).toBe(true);
      }),
    );
  });
});
