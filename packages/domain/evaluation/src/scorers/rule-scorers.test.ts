/** Tests of the scorers that go by rules. */
import { HarnessError } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Expectation, ScorerSpec } from "../eval-case.ts";
import type { ScoreInput } from "../scorer.ts";
import { createScorers } from "./create-scorers.ts";
import { asJson, asLabel, input, scoreBy, typeChecker } from "./scorers.fixture.ts";

type Options = ScorerSpec["options"];
type Row = readonly [said: string | null, expected: Expectation, options: Options, value: number | string];

const NONE: Expectation = { kind: "none" };

/** A number is the value, a text a part of the error. */
function behaves(scorer: string, rows: readonly Row[]): void {
  test.each(rows)(
    `${scorer}: %j against %j with %j gives %j`,
    async (...[said, expected, options, value]) => {
      const spec = { scorer, ...(options === undefined ? {} : { options }) };
      const outcome = await scoreBy(spec, input(said, expected));
      if (typeof value === "string")
        expect(outcome).toMatchObject({ ok: false, error: expect.stringContaining(value) });
      else expect(outcome).toMatchObject({ ok: true, value: expect.closeTo(value, 6) });
    },
  );
}

describe("Texts", () => {
  behaves("exact", [
    [" billing\n", asLabel("billing"), undefined, 1],
    ["Billing", asLabel("billing"), undefined, 0],
    ["Billing", asLabel("billing"), { ignoreCase: true }, 1],
    [" billing", asLabel("billing"), { trim: false }, 0],
    ["bug", asLabel("billing"), { value: "bug" }, 1],
    ["e\u0301", asLabel("\u00e9"), undefined, 1],
    ["3", asJson(3), undefined, 1],
    [null, asLabel("billing"), undefined, 0],
    ["x", NONE, undefined, "expects nothing"],
    ["x", { kind: "rubric", value: "polite" }, undefined, "expects a rubric"],
  ]);
  behaves("one-of", [
    ["b", NONE, { values: ["a", "b"] }, 1],
    ["c", NONE, { values: ["a", "b"] }, 0],
    [" B ", NONE, { values: ["a", "b"], ignoreCase: true }, 1],
  ]);
  behaves("contains", [
    ["it is billing.", asLabel("billing"), undefined, 1],
    ["it is a bug", NONE, { any: ["billing", "bug"] }, 1],
    ["it is a bug", NONE, { all: ["it", "billing"] }, 0],
    ["It is a bug", NONE, { all: ["it", "BUG"], ignoreCase: true }, 1],
    ["x", NONE, undefined, "expects nothing"],
  ]);
  behaves("starts-with", [
    ["  Dear Ada", NONE, { value: "Dear" }, 1],
    ["Hello", NONE, { value: "Dear" }, 0],
  ]);
  behaves("regex", [
    ["order 4711", NONE, { pattern: "\\b\\d{4}\\b" }, 1],
    ["order", NONE, { pattern: "^ORDER$", flags: "iu" }, 1],
    ["x".repeat(20_001), NONE, { pattern: "x" }, "more than the 20000"],
  ]);
  behaves("label", [
    ["I would say: Billing, not bug.", asLabel("billing"), { labels: ["bug", "billing"] }, 1],
    ["debugging is billing", asLabel("bug"), { labels: ["bug", "billing"] }, 0],
    ["very bad", asLabel("very bad"), { labels: ["very", "very bad"] }, 1],
    ["nothing", asLabel("bug"), { labels: ["bug"] }, 0],
    ["bug", asLabel("bill"), { labels: ["bug"] }, "none of the labels"],
  ]);
  behaves("numeric", [
    ["42", asLabel("42"), undefined, 1],
    ["about 42", asLabel("42"), undefined, 0],
    ["from 1,200.5 to 7", asLabel("1200.5"), { take: "first" }, 1],
    ["from 1 to −7", NONE, { value: -7, take: "last" }, 1],
    ["0.3", NONE, { value: 0.1, tolerance: 0.2 }, 1],
    ["104", NONE, { value: 100, relative: 0.05 }, 1],
    ["106", NONE, { value: 100, relative: 0.05, tolerance: 1 }, 0],
    ["many", NONE, { value: 1 }, 0],
    ["1", asLabel("one"), undefined, "expects no number"],
  ]);
  behaves("length", [
    ["four", NONE, { min: 4, max: 4 }, 1],
    ["two words", NONE, { max: 1, unit: "words" }, 0],
    [null, NONE, { min: 1 }, 0],
  ]);
  behaves("edit-distance", [
    ["kitten", asLabel("sitting"), undefined, 1 - 3 / 7],
    ["kitten", asLabel("sitting"), { threshold: 0.6 }, 0],
    ["", asLabel(""), undefined, 1],
  ]);
  behaves("token-f1", [["the cat", { kind: "reference", value: "a cat" }, undefined, 0.5]]);
  behaves("rouge-l", [["cat the", { kind: "reference", value: "the cat" }, { threshold: 0.5 }, 1]]);
});

describe("JSON", () => {
  behaves("json-valid", [
    ['{"a": 1}', NONE, undefined, 1],
    ['```json\n{"a": 1}\n```', NONE, undefined, 0],
    ['```json\n{"a": 1}\n```', NONE, { allowFence: true }, 1],
    ['Sure: {"a": 1}', NONE, { allowFence: true }, 0],
    [null, NONE, undefined, 0],
  ]);
  behaves("json-schema", [
    ['{"a": 1}', NONE, { schema: { type: "object", required: ["a"] } }, 1],
    ["{}", NONE, { schema: { type: "object", required: ["a"] } }, 0],
    ["no", NONE, { schema: { type: "object" } }, 0],
  ]);
  behaves("json-equal", [
    ['{"b": [1, {}], "a": null}', asJson({ a: null, b: [1, {}] }), undefined, 1],
    ['{"a": 1.05}', asJson({ a: 1 }), { tolerance: 0.1 }, 1],
    ['{"a": 1, "b": 2}', asJson({ a: 1 }), undefined, 0],
    ['{"a": 1, "b": {"c": 2, "d": 9}}', asJson({ a: 1, b: { c: 2, d: 3 } }), { partial: true }, 2 / 3],
    ['{"a": [1, 2]}', asJson({ a: [1] }), { partial: true }, 1 / 2],
    ["{}", asJson([]), undefined, 0],
    ["[]", asJson([]), undefined, 1],
    ['{"a": "x"}', asJson({ a: { b: 1, c: 2 } }), { partial: true }, 0],
    ["5", asJson(null), undefined, 0],
    ["x", NONE, undefined, "expects no JSON"],
  ]);
  behaves("json-path", [
    ['{"a": {"b": [{"c": "x"}]}}', NONE, { path: "$.a.b[0].c", value: "x" }, 1],
    ['{"a": {"b": [1, 2]}}', asJson({ a: { b: [1, 2] } }), { path: "$.a.b[-1]" }, 1],
    ['{"label": "bug"}', asLabel("bug"), { path: "$.label" }, 1],
    ['{"two words": 1}', NONE, { path: '$["two words"]', exists: true }, 1],
    ['{"a": 1}', NONE, { path: "$.b", exists: true }, 0],
    ['{"a": 1}', NONE, { path: "$.a.toString", exists: true }, 0],
    ['{"a": {"b": 1, "c": 2}}', NONE, { path: "$.a", value: { b: 1 } }, 1],
    ['{"a": null}', NONE, { path: "$.a", value: null }, 1],
    ['{"a": 1}', asJson({ b: 1 }), { path: "$.c" }, "expects nothing at $.c"],
  ]);
});

describe("Calls", () => {
  const call = (name: string, args: unknown) => ({ name, arguments: args });
  const calls = (toolCalls: ScoreInput["toolCalls"]) => input(null, NONE, { toolCalls });

  test.each([
    [[call("find", { city: "Rome", n: 3 })], { name: "find", arguments: { city: "Rome" } }, 1],
    [[call("find", { city: "Rome" })], { name: "find", arguments: { city: "Paris" } }, 0],
    [
      [call("find", '{"city'), call("find", { city: "Paris" })],
      { name: "find", arguments: { city: "Paris" } },
      1,
    ],
    [[call("find", {}), call("stop", {})], { name: "find", only: true }, 0],
    [[], { name: "find" }, 0],
    [[], { none: true }, 1],
    [[call("find", {})], { none: true }, 0],
    [[call("pay", { sum: 9.99 })], { name: "pay", arguments: { sum: 10 }, tolerance: 0.02 }, 1],
  ])("of tools %j with %j give %j", async (toolCalls, options, value) => {
    expect(await scoreBy({ scorer: "tool-call", options }, calls(toolCalls))).toMatchObject({ value });
  });

  test("are held to limits of cost and latency, and unpriced ones have no score for cost", async () => {
    expect(await scoreBy({ scorer: "cost", options: { max: 0.002 } }, input("x"))).toMatchObject({
      value: 1,
    });
    expect(await scoreBy({ scorer: "latency", options: { max: 100 } }, input("x"))).toMatchObject({
      value: 0,
    });
    const unpriced = input("x", NONE, { cost: null });
    expect(await scoreBy({ scorer: "cost", options: { max: 1 } }, unpriced)).toMatchObject({ ok: false });
  });

  test.each([
    ["Here you are.", false, {}, 1],
    ["I'm sorry, but I can't help with that.", false, {}, 0],
    ["I cannot assist with this request.", false, { expected: true }, 1],
    ["I can't find the error in line 3 of your code.", false, {}, 1],
    ["I cannot assist with this request.", false, { words: false }, 1],
    ["x", true, { words: false, expected: true }, 1],
  ])(
    "that are refused in words or by the provider: %j, %j, %j gives %j",
    async (...[said, refused, options, value]) => {
      const answer = input(said, NONE, { refused });
      expect(await scoreBy({ scorer: "refusal", options }, answer)).toMatchObject({ value });
    },
  );
});

describe("A spec", () => {
  const { check } = createScorers({ checkerOf: typeChecker });

  test.each<readonly [ScorerSpec, string]>([
    [{ scorer: "exakt" }, 'There is no scorer "exakt": did you mean exact?'],
    [{ scorer: "zzzzzzzz" }, 'There is no scorer "zzzzzzzz": take one of exact, '],
    [
      { scorer: "exact", options: { ignorecase: true } },
      'Scorer "exact" has no option ignorecase: did you mean ignoreCase?',
    ],
    [{ scorer: "one-of" }, 'Scorer "one-of" needs the option values: give a list of texts, at least one.'],
    [
      { scorer: "exact", options: { trim: "yes" } },
      'The option trim of scorer "exact" takes true or false, not "yes".',
    ],
    [{ scorer: "contains", options: { any: ["a"], all: ["b"] } }, "keep one of them"],
    [{ scorer: "length" }, "needs min, max or both"],
    [{ scorer: "length", options: { min: 3, max: 2 } }, "swap them"],
    [{ scorer: "tool-call" }, "takes the name of a tool, or none: true"],
    [{ scorer: "json-path", options: { path: "$..a" } }, '"$..a" is no path into JSON'],
    [{ scorer: "json-path", options: { path: "$.a[*]" } }, "is no path into JSON"],
    [{ scorer: "regex", options: { pattern: "(" } }, "is no regular expression"],
    [{ scorer: "regex", options: { pattern: "a", flags: "g" } }, "take some of i, m, s and u"],
    [{ scorer: "regex", options: { pattern: "a".repeat(501) } }, "take at most 500"],
    [{ scorer: "regex", options: { pattern: "(?=a)b" } }, "it looks ahead or behind"],
    [{ scorer: "regex", options: { pattern: "(a)\\1" } }, "it refers back to what it found"],
    [{ scorer: "judge", options: { judges: ["a", "b"], quorum: 3 } }, "give a whole number from 1 to 2"],
    [{ scorer: "judge", options: { judge: "a", judges: ["b"] } }, "keep one of them"],
  ])("%j is told what is wrong with it", (spec, sentence) => {
    expect(check(spec)).toContain(sentence);
  });

  test("that is right is told nothing, also where the run lacks what it needs", () => {
    const { check, lacks } = createScorers({ checkerOf: typeChecker });
    for (const spec of [
      { scorer: "similarity" },
      { scorer: "judge" },
      { scorer: "custom", options: { file: "score.ts" } },
    ]) {
      expect(check(spec)).toBeUndefined();
      expect(lacks(spec)).toMatch(/needs|not loaded/);
    }
    expect(lacks({ scorer: "exact" })).toBeUndefined();
  });

  test("may negate any scorer, which turns its score and leaves its errors", async () => {
    const spec = { scorer: "contains", negate: true, options: { value: "x" } };
    expect(await scoreBy(spec, input("xyz"))).toMatchObject({ ok: true, value: 0 });
    expect(await scoreBy({ scorer: "exact", negate: true }, input("x"))).toMatchObject({ ok: false });
  });
});

test("An answer that cannot be held against its schema has no score", async () => {
  const refuse = (): never => {
    throw new HarnessError("too-large", "The value takes too much work.");
  };
  const spec = { scorer: "json-schema", options: { schema: {} } };
  const outcome = await scoreBy(spec, input("{}", NONE), { checkerOf: () => refuse });
  expect(outcome).toEqual({ ok: false, error: "The value takes too much work." });
});

describe("Any rule", () => {
  const specs: readonly ScorerSpec[] = [
    { scorer: "exact" },
    { scorer: "contains" },
    { scorer: "starts-with" },
    { scorer: "edit-distance" },
    { scorer: "token-f1" },
    { scorer: "rouge-l" },
    { scorer: "json-equal", options: { partial: true } },
  ];

  test("gives the expected answer itself full marks, and any answer a score from 0 to 1", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (said, wanted) => {
        for (const spec of specs) {
          const json = spec.scorer === "json-equal";
          const expected: Expectation = json ? asJson({ said: wanted }) : asLabel(wanted);
          const perfect = json ? JSON.stringify({ said: wanted }) : wanted;
          expect(await scoreBy(spec, input(perfect, expected))).toMatchObject({ ok: true, value: 1 });
          const outcome = await scoreBy(spec, input(said, expected));
          expect(outcome.ok && outcome.value >= 0 && outcome.value <= 1).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
