/** Tests of words and of the overlap measures over them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cosineSimilarity } from "./cosine-similarity.ts";
import { longestCommonSubsequence, rougeL } from "./rouge-l.ts";
import { tokenF1 } from "./token-f1.ts";
import { wordTokens } from "./word-tokens.ts";

const words = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });
const text = words.map((list) => list.join(" "));

describe("Words", () => {
  test.each([
    ["Don't pay €1,5!", ["don't", "pay", "1,5"]],
    ["", []],
    ["... –", []],
    ["Straße ＡＢ", ["straße", "ab"]],
    ["東京 tower", ["東", "京", "tower"]],
    ["हिन्दी भाषा", ["हिन्दी", "भाषा"]],
    ["v2.1-beta", ["v", "2.1", "beta"]],
  ])("of %j", (given, wanted) => {
    expect(wordTokens(given)).toEqual(wanted);
  });
});

describe("Token F1", () => {
  test("counts shared words once for each time they stand in both", () => {
    expect(tokenF1("the cat sat", "the cat the mat")).toEqual({
      precision: 2 / 3,
      recall: 2 / 4,
      f1: 4 / 7,
    });
  });

  test("is 1 for two empty texts and 0 for an empty answer to a text", () => {
    expect(tokenF1("", "!").f1).toBe(1);
    expect(tokenF1("", "cat").f1).toBe(0);
  });

  test("is 1 exactly for the same bag of words, whatever its order", () => {
    fc.assert(
      fc.property(words, words, (one, other) => {
        const same = one.toSorted().join() === other.toSorted().join();
        expect(tokenF1(one.join(" "), other.join(" ")).f1 === 1).toBe(same);
      }),
    );
  });
});

describe("ROUGE-L", () => {
  test("reproduces Lin's example of word order", () => {
    const reference = "police killed the gunman";
    expect(rougeL("police kill the gunman", reference).f1).toBe(0.75);
    expect(rougeL("the gunman kill police", reference).f1).toBe(0.5);
  });

  test("never finds more than the bag of words does, and both measures are symmetric", () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(rougeL(one, other).f1).toBeLessThanOrEqual(tokenF1(one, other).f1);
        expect(rougeL(one, other).f1).toBe(rougeL(other, one).f1);
        expect(tokenF1(one, other).precision).toBe(tokenF1(other, one).recall);
      }),
    );
  });

  test("finds the longest common subsequence that trying all of them finds", () => {
    const small = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 });
    fc.assert(
      fc.property(small, small, (one, other) => {
        let longest = 0;
        for (let mask = 0; mask < 2 ** one.length; mask += 1) {
          const chosen = one.filter((_, at) => (mask & (1 << at)) !== 0);
          let next = 0;
          for (const word of other) if (word === chosen[next]) next += 1;
          if (next === chosen.length) longest = Math.max(longest, chosen.length);
        }
        expect(longestCommonSubsequence(one, other)).toBe(longest);
      }),
    );
  });
});

describe("Cosine similarity", () => {
  test("knows same, orthogonal and opposite directions", () => {
    expect(cosineSimilarity([1, 2], [2, 4])).toBeCloseTo(1, 12);
    expect(cosineSimilarity([1, 0], [0, 3])).toBe(0);
    expect(cosineSimilarity([1, 1], [-2, -2])).toBeCloseTo(-1, 12);
  });

  test("has no value for vectors that cannot be compared", () => {
    expect(cosineSimilarity([1], [1, 2])).toBeNull();
    expect(cosineSimilarity([], [])).toBeNull();
    expect(cosineSimilarity([0, 0], [1, 2])).toBeNull();
  });
});
