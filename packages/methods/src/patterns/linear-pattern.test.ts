/** Holds linear patterns against JavaScript's own, and against the ways in which those hang. */
import { errorCodeOf } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPattern } from "./linear-pattern.ts";

function finds(pattern: string, flags: string, text: string): boolean | string {
  const read = readPattern(pattern, flags);
  return read.kind === "fault" ? read.why : read.pattern.test(text);
}

const ATOMS = [
  ..."abé€😀 -_",
  "\\d",
  "\\D",
  "\\w",
  "\\W",
  "\\s",
  "\\S",
  "\\n",
  "\\t",
  "\\x61",
  "\\u00e9",
  "\\u{1F600}",
  "\\uD83D\\uDE00",
  "\\p{L}",
  "\\P{Lu}",
  "\\p{Script=Greek}",
  "\\.",
  "\\cJ",
  ".",
  "[ab]",
  "[^ab]",
  "[a-c\\d]",
  "[\\s\\S]",
  "[^\\s]",
  "[^\\S\\n]",
  "[\\W_]",
  "[😀é]",
  "[\\-\\]]",
  "[^]",
  "[]",
  "^",
  "$",
  "\\b",
  "\\B",
];
const REPEATABLE = ATOMS.filter((atom) => !["^", "$", "\\b", "\\B"].includes(atom));
const QUANTIFIERS = ["", "*", "+", "?", "{2}", "{1,}", "{0,3}", "*?", "+?", "??", "{1,2}?"];

const patterns = fc.letrec<{ readonly whole: string; readonly term: string }>((tie) => ({
  whole: fc
    .array(fc.array(tie("term"), { maxLength: 4 }), { minLength: 1, maxLength: 3 })
    .map((branches) => branches.map((terms) => terms.join("")).join("|")),
  term: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(...ATOMS),
    fc.tuple(fc.constantFrom(...REPEATABLE), fc.constantFrom(...QUANTIFIERS)).map((both) => both.join("")),
    fc
      .tuple(fc.constantFrom("(", "(?:", "(?<n>"), tie("whole"), fc.constantFrom(...QUANTIFIERS))
      .map(([open, inner, quantifier]) => `${open}${inner})${quantifier}`),
  ),
})).whole;

const texts = fc
  .array(fc.constantFrom(..."abcABé€😀αΩ \t\n-_.]\u00a0\u2028\ufeff5", "\r"), { maxLength: 8 })
  .map((letters) => letters.join(""));

describe("A linear pattern", () => {
  test("finds what JavaScript's own finds, wherever both know it", () => {
    let [compared, found] = [0, 0];
    const flags = fc.subarray(["i", "s"]).map((some) => `${some.join("")}u`);
    fc.assert(
      fc.property(
        patterns,
        flags,
        fc.array(texts, { minLength: 5, maxLength: 5 }),
        (pattern, flag, given) => {
          let own: RegExp;
          try {
            own = new RegExp(pattern, flag);
          } catch {
            expect(readPattern(pattern, flag).kind).toBe("fault");
            return;
          }
          for (const text of given) {
            const mine = finds(pattern, flag, text);
            if (typeof mine === "string") {
              expect(mine).toContain("tells cases apart");
              return;
            }
            expect(mine, `/${pattern}/${flag} in ${JSON.stringify(text)}`).toBe(own.test(text));
            compared += 1;
            if (own.test(text)) found += 1;
          }
        },
      ),
      { numRuns: 1_000 },
    );
    expect(compared).toBeGreaterThan(2_000);
    expect(found / compared).toBeGreaterThan(0.1);
    expect(found / compared).toBeLessThan(0.99);
  });

  test("finds the same with the flag m, where lines end as on Unix", () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, given) => {
        const text = given.replace(/[\r\u2028]/g, "\n");
        let own: RegExp;
        try {
          own = new RegExp(pattern, "mu");
        } catch {
          return;
        }
        expect(finds(pattern, "mu", text), `/${pattern}/mu in ${JSON.stringify(text)}`).toBe(own.test(text));
      }),
      { numRuns: 500 },
    );
  });

  test.each<readonly [pattern: string, flags: string, text: string, is: boolean]>([
    ["^b$", "mu", "a\r\nb\r\nc", true],
    ["a$", "mu", "a\u2028b", true],
    ["^b", "u", "a\nb", false],
    ["B", "iu", "abc", true],
    ["[[:alpha:]]", "", "a]", true],
    ["[\\w-.]", "", "-", true],
    ["a{,2}", "", "a{,2}", true],
    ["\\-\\'\\/", "", "-'/", true],
    ["\\0", "u", "\u0000", true],
    ["[\\b]", "u", "\b", true],
  ])("reads /%s/%s in %j as JavaScript does", (...[pattern, flags, text, is]) => {
    expect(finds(pattern, flags, text)).toBe(is);
    if (!flags.includes("m")) expect(new RegExp(pattern, flags).test(text)).toBe(is);
  });

  test.each<[string, string, string]>([
    ["a(?=b)", "u", "it looks ahead or behind"],
    ["(?<!a)b", "u", "it looks ahead or behind"],
    ["(a)\\1", "u", "it refers back to what it found"],
    ["(?<n>a)\\k<n>", "u", "it refers back to what it found"],
    ["(?i:a)", "u", "a group of it has flags of its own"],
    ["\\p{Lu}", "iu", "tells cases apart"],
    ["\\A", "", "it has \\A in it"],
    ["\\01", "", "a character of it is written in octal"],
    ["\\uD83D", "u", "it has half a character in it"],
    ["(", "u", "it is no regular expression"],
    ["\\Qa", "u", "it is no regular expression"],
    ["a", "g", 'its flags are "g"'],
    ["a", "ii", 'its flags are "ii"'],
    ["a".repeat(2_001), "u", "at most 2000 are taken"],
    ["a{1001}", "u", "repeats something more than 1000 times"],
    ["((a{50}){50}){2}", "u", "its repetitions come to 5000 characters"],
    [`${"(".repeat(150)}a${")".repeat(150)}`, "u", "its groups nest more than 100 deep"],
  ])("refuses what RE2 does not know, and says why (%#)", (pattern, flags, why) => {
    expect(finds(pattern, flags, "a")).toContain(why);
  });

  test("refuses a text that is too long for its size", () => {
    const read = readPattern("^(?:a?){1000}$", "u");
    if (read.kind === "fault") throw new Error(read.why);
    expect(read.pattern.test("a".repeat(1_000))).toBe(true);
    let code: string | undefined;
    try {
      read.pattern.test("a".repeat(100_000));
    } catch (error) {
      code = errorCodeOf(error);
    }
    expect(code).toBe("too-large");
  });
});
