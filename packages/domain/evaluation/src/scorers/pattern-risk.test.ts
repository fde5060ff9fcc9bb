/** Tests that patterns of exponential time are seen before they are run. */
import { expect, test } from "vitest";
import { patternRisk } from "./pattern-risk.ts";

test.each([
  "(a+)+$",
  "(a*)*",
  "(?:\\d+)*x",
  "(x+x+)+y",
  "((ab)*c)*",
  "(a|a)*$",
  "(a|ab)+",
  "(.|a)*",
  "(?:[a-z]|b)+",
  "(a{2,})+",
  "(a?|b)+",
  "(a{1,200}){3,}",
  "(\\w)\\1",
  "(?<x>a)\\k<x>",
  "([)]+)+",
  "(a?a?)+$",
  "(a{1,3})*",
  "(a+){1,3}",
  "(a*a*){2}",
  "((a|ab|b))+",
  "(x(a|ab)?)+",
  "(a|b?)*",
  "(a+){1,30}",
])("%s is a risk", (pattern) => {
  expect(patternRisk(pattern)).toBeDefined();
});

test.each([
  "^\\d{4}-\\d{2}$",
  "(foo|bar)+",
  "(?:ab)*c+",
  "a+b+c+",
  "(a+)?b",
  "\\d{1,3}(,\\d{3})*",
  "\\(a+\\)+",
  "[(a+)]+",
  "(?<=a+)b",
  "(?:x|y){2,}",
  "",
])("%s is none", (pattern) => {
  expect(patternRisk(pattern)).toBeUndefined();
});
