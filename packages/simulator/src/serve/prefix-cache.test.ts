/** Tests of the prefix cache. */

import { expect, test } from "vitest";
import { createPrefixCache } from "./prefix-cache.ts";

const tokens = (count: number, letter = "a"): string => letter.repeat(count * 4);

test("a repeated prefix counts in whole blocks from 1,024 tokens on", () => {
  const cache = createPrefixCache();
  expect(cache.touch("m", tokens(1_300))).toBe(0);
  expect(cache.touch("m", tokens(1_300))).toBe(1_280);
  expect(cache.touch("m", tokens(1_200) + tokens(600, "b"))).toBe(1_152);
});

test("short prompts, other models and other beginnings are not cached", () => {
  const cache = createPrefixCache();
  cache.touch("m", tokens(1_023));
  expect(cache.touch("m", tokens(1_023))).toBe(0);
  cache.touch("m", tokens(2_000));
  expect(cache.touch("other", tokens(2_000))).toBe(0);
  expect(cache.touch("m", `b${tokens(2_000)}`)).toBe(0);
});
