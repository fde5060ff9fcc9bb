/** Tests of the stems that all evidence is made of. */

import { expect, test } from "vitest";
import { sentencesOf, stemOf, stemsOf, wordsWithStems } from "./words.ts";

test.each([
  ["invoices", "invoice"],
  ["charged", "charges"],
  ["paid", "payment"],
  ["crashing", "crashes"],
  ["stopped", "stops"],
  ["freeze", "frozen"],
  ["subscriptions", "subscription"],
])("%s and %s share a stem", (left, right) => {
  expect(stemOf(left)).toBe(stemOf(right));
});

test("words that tell nothing leave no stem", () => {
  expect([...stemsOf("I would like to have it, please!")]).toEqual([]);
});

test("letters of other scripts are words too", () => {
  expect([...stemsOf("Überweisung 請求")]).toEqual(["überweisung", "請求"]);
});

test("evidence is quoted in the words of the text", () => {
  expect(wordsWithStems("We paid twice, paying again", new Set(["pay"]))).toEqual(["paid"]);
});

test("sentences end at marks and at line ends", () => {
  expect(sentencesOf("One. Two?\nThree")).toEqual(["One.", "Two?", "Three"]);
});
