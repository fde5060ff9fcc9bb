/** Tests of likeness between texts: pairs, spans and groups that can be counted by hand, and every pair found. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findNearDuplicates } from "./find-near-duplicates.ts";
import { sharedSpan } from "./shared-span.ts";
import { jaccard, shinglesOf } from "./shingles-of.ts";
import { uncoveredGroups } from "./uncovered-groups.ts";

const words = fc
  .array(fc.constantFrom("a", "b", "c", "d", "e", "f"), { maxLength: 9 })
  .map((all) => all.join(" "));

describe("findNearDuplicates", () => {
  test("finds a sentence again in which a word was exchanged, and not one about something else", () => {
    const one = ["I was charged twice for my order last Monday morning", "The app crashes when I open it"];
    const other = ["Please cancel my plan", "i was charged TWICE for my order last Tuesday morning!"];
    expect(findNearDuplicates(one, other)).toEqual([{ one: 0, other: 1, similarity: 7 / 11 }]);
  });

  test("finds texts that differ in case, punctuation and spaces alone with a similarity of 1", () => {
    expect(findNearDuplicates(["Refund, please!"], ["refund   PLEASE"])).toMatchObject([{ similarity: 1 }]);
  });

  test("says nothing of texts without words", () => {
    expect(findNearDuplicates(["", "…"], ["", "!"])).toEqual([]);
  });

  test("finds every pair that comparing all of them finds", () => {
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 8 }),
        fc.array(words, { maxLength: 8 }),
        fc.constantFrom(0.3, 0.5, 0.6, 0.8, 1),
        (one, other, threshold) => {
          const all = one.flatMap((text, at) =>
            other.flatMap((beside, place) => {
              const similarity = jaccard(shinglesOf(text, 2), shinglesOf(beside, 2));
              return similarity >= threshold ? [`${at} ${place} ${similarity}`] : [];
            }),
          );
          const found = findNearDuplicates(one, other, { threshold, size: 2 });
          expect(found.map((pair) => `${pair.one} ${pair.other} ${pair.similarity}`).sort()).toEqual(
            all.sort(),
          );
        },
      ),
    );
  });
});

describe("sharedSpan", () => {
  const body =
    "Sort the ticket. Example: my parcel was left in the rain by your courier again, so it is ruined.";

  test("gives the longest run of words that stands in the other text", () => {
    const text = "Hello! My parcel was left in the rain by your courier yesterday.";
    expect(sharedSpan(text, body)).toBe("my parcel was left in the rain by your courier");
  });

  test("takes a short text that stands there whole, and no phrase of three words", () => {
    expect(sharedSpan("So it is ruined!", body)).toBe("so it is ruined");
    expect(sharedSpan("it is ruined", body)).toBeNull();
    expect(sharedSpan("my parcel was left at the door", body)).toBeNull();
  });

  test("gives only runs that stand in both texts", () => {
    fc.assert(
      fc.property(words, words, (text, source) => {
        const span = sharedSpan(text, source, 3);
        if (span === null) return;
        expect(` ${text} `).toContain(` ${span} `);
        expect(` ${source} `).toContain(` ${span} `);
      }),
    );
  });
});

describe("uncoveredGroups", () => {
  const cases = ["I was charged twice on my invoice", "The app crashes on start"];

  test("groups what no case is like, the largest group first", () => {
    const traffic = [
      "charged twice again, see invoice",
      "Where is my parcel? The tracking number does not work",
      "please delete my account and personal data",
      "the tracking number of my parcel shows nothing",
      "app crashes after the update",
      "parcel lost, tracking number useless",
    ];
    const { covered, groups } = uncoveredGroups(traffic, cases, 0.2);
    expect(covered).toBe(2);
    expect(groups.map(({ members }) => members)).toEqual([[1, 3, 5], [2]]);
  });

  test("covers everything by itself, and nothing by nothing", () => {
    fc.assert(
      fc.property(
        fc.array(
          words.filter((text) => text !== ""),
          { minLength: 1, maxLength: 8 },
        ),
        (texts) => {
          expect(uncoveredGroups(texts, texts)).toEqual({ covered: texts.length, groups: [] });
          const { covered, groups } = uncoveredGroups(texts, []);
          expect(covered).toBe(0);
          expect(groups.flatMap(({ members }) => members).sort()).toEqual(texts.map((_, at) => at).sort());
        },
      ),
    );
  });
});
