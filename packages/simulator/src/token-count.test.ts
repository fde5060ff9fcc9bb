/** Tests of the token rule. */

import { expect, test } from "vitest";
import { countPromptTokens, countTokens, cutToTokens } from "./token-count.ts";

test("four units are a token, begun ones count whole", () => {
  expect([countTokens(""), countTokens("abcd"), countTokens("abcde")]).toEqual([0, 1, 2]);
});

test("a prompt costs its texts, four tokens a message and three for the reply", () => {
  expect(countPromptTokens(["abcd", "abcde"])).toBe(1 + 4 + 2 + 4 + 3);
});

test("a cut never splits a character", () => {
  expect(cutToTokens("abc😀def", 1)).toBe("abc");
  expect(cutToTokens("ab😀def", 1)).toBe("ab😀");
});
