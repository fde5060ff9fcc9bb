/** Tests the edit distance against another implementation. */
import fc from "fast-check";
import { distance } from "fastest-levenshtein";
import { describe, expect, it } from "vitest";
import { editDistance, levenshtein } from "./edit-distance.ts";

const few = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 150 });
const any = fc.string({ unit: "binary", maxLength: 100 });

describe("levenshtein", () => {
  it("agrees with fastest-levenshtein on texts that have much in common", () => {
    fc.assert(
      fc.property(few, few, (a, b) => {
        expect(levenshtein(a, b)).toBe(distance(a, b));
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with it on any text, long ones against short ones too", () => {
    fc.assert(
      fc.property(any, fc.oneof(any, few), (a, b) => {
        expect(levenshtein(a, b)).toBe(distance(a, b));
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with it around the ends of its blocks of 32", () => {
    for (const length of [1, 31, 32, 33, 63, 64, 65, 96, 97]) {
      const text = "ab".repeat(length).slice(0, length);
      for (const other of ["", "b", text, `${text}a`, text.slice(1), `x${text}`, text.replaceAll("a", "c")]) {
        expect(levenshtein(text, other)).toBe(distance(text, other));
      }
    }
  });
});

describe("editDistance", () => {
  it("is 0 for what was kept, 1 for what was rewritten, and symmetric in between", () => {
    expect([editDistance("", ""), editDistance("same", "same")]).toEqual([0, 0]);
    expect([editDistance("abc", ""), editDistance("", "abc"), editDistance("aaa", "bbb")]).toEqual([1, 1, 1]);
    fc.assert(
      fc.property(few, few, (a, b) => {
        const share = editDistance(a, b);
        expect(share >= 0 && share <= 1).toBe(true);
        expect(editDistance(b, a)).toBe(share);
      }),
    );
  });
});
