/** Numbers stand where room was left for them, again and again, whatever the lines say. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { numberedLines } from "./numbered-lines.ts";

test("Each line begins with the next number, however often they are numbered", () => {
  const lines = fc.array(
    fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", "")),
    { maxLength: 20 },
  );
  const numbers = fc.array(fc.nat({ max: Number.MAX_SAFE_INTEGER - 100 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(lines, numbers, (given, after) => {
      const numbered = numberedLines(given);
      expect(numbered.count).toBe(given.length);
      for (const number of after) {
        const text = Buffer.from(numbered.after(number)).toString();
        const found = text === "" ? [] : text.slice(0, -1).split("\n");
        expect(found.map((line) => Number(line.slice(0, line.indexOf("\t"))))).toEqual(
          given.map((_, index) => number + index + 1),
        );
        const wellFormed = given.map((line) => Buffer.from(line).toString());
        expect(found.map((line) => line.slice(line.indexOf("\t") + 1))).toEqual(wellFormed);
      }
    }),
  );
});
