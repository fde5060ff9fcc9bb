/** Tests of promptfoo's files: what becomes of each assertion, and that nothing is dropped in silence. */
import { describe, expect, test } from "vitest";
import type { EvalSetFormat } from "../eval-set-file.ts";
import { readEvalSetFile } from "../read-eval-set-file.ts";
import { mapAssertions } from "./map-assertions.ts";
import { readAssertionText } from "./read-assertion-text.ts";

function mapped(...assertions: readonly object[]) {
  return mapAssertions(assertions, { test: "test 1", variables: { want: "billing", user: { name: "Ada" } } });
}

function read(text: string, format: EvalSetFormat = "yaml") {
  const file = readEvalSetFile({ file: `promptfoo.${format}`, text, format });
  return { ...file, drafts: [...file.drafts] };
}

describe("an assertion", () => {
  test.each([
    [
      { type: "contains", value: "a" },
      { scorer: "contains", options: { value: "a" } },
    ],
    [
      { type: "icontains", value: "a" },
      { scorer: "contains", options: { value: "a", ignoreCase: true } },
    ],
    [
      { type: "contains-any", value: ["a", "b"] },
      { scorer: "contains", options: { any: ["a", "b"] } },
    ],
    [
      { type: "contains-all", value: "a, b" },
      { scorer: "contains", options: { all: ["a", "b"] } },
    ],
    [
      { type: "icontains-all", value: ["a"] },
      { scorer: "contains", options: { all: ["a"], ignoreCase: true } },
    ],
    [
      { type: "starts-with", value: "a" },
      { scorer: "starts-with", options: { value: "a" } },
    ],
    [
      { type: "regex", value: "^a" },
      { scorer: "regex", options: { pattern: "^a", flags: "" } },
    ],
    [{ type: "is-json" }, { scorer: "json-valid" }],
    [
      { type: "is-json", value: '{"type":"object"}' },
      { scorer: "json-schema", options: { schema: { type: "object" } } },
    ],
    [
      { type: "cost", threshold: 0.01 },
      { scorer: "cost", options: { max: 0.01 } },
    ],
    [
      { type: "latency", threshold: 500 },
      { scorer: "latency", options: { max: 500 } },
    ],
    [
      { type: "word-count", value: { max: 9 } },
      { scorer: "length", options: { max: 9, unit: "words" } },
    ],
    [{ type: "is-refusal" }, { scorer: "refusal", options: { expected: true } }],
    [
      { type: "not-contains", value: "a" },
      { scorer: "contains", options: { value: "a" }, negate: true },
    ],
    [
      { type: "contains", value: "{{ want }} for {{user.name}}", weight: 2, metric: "tone" },
      { scorer: "contains", options: { value: "billing for Ada" }, weight: 2, metric: "tone" },
    ],
  ])("%j becomes a scorer", (assertion, spec) => {
    expect(mapped(assertion)).toEqual({ scorers: [spec], expected: { kind: "none" }, unmapped: [] });
  });

  test.each([
    [
      { type: "equals", value: "{{want}}" },
      { kind: "label", value: "billing" },
      { scorer: "exact", options: { trim: false } },
    ],
    [{ type: "equals", value: { a: 1 } }, { kind: "json", value: { a: 1 } }, { scorer: "json-equal" }],
    [{ type: "llm-rubric", value: "kind" }, { kind: "rubric", value: "kind" }, { scorer: "judge" }],
    [
      { type: "similar", value: "a" },
      { kind: "reference", value: "a" },
      { scorer: "similarity", options: { threshold: 0.75 } },
    ],
    [
      { type: "rouge-n", value: "a", threshold: 0.5 },
      { kind: "reference", value: "a" },
      { scorer: "token-f1", options: { threshold: 0.5 } },
    ],
  ])("%j says what the case expects", (assertion, expected, spec) => {
    expect(mapped(assertion)).toEqual({ scorers: [spec], expected, unmapped: [] });
  });

  test("has a value of its own where the case expects something else already, or must not say it", () => {
    const both = mapped(
      { type: "equals", value: "a" },
      { type: "llm-rubric", value: "kind" },
      { type: "not-equals", value: "b" },
    );
    expect(both).toMatchObject({
      expected: { kind: "label", value: "a" },
      scorers: [
        { scorer: "exact" },
        { scorer: "judge", options: { rubric: "kind" } },
        { scorer: "exact", options: { trim: false, value: "b" }, negate: true },
      ],
    });
  });

  test("that is not quite the same here is told with what stands in its place", () => {
    const { scorers, unmapped } = mapped(
      { type: "contains-json" },
      { type: "levenshtein", value: "abcde", threshold: 1 },
      { type: "contains", value: "a", provider: "x" },
    );
    expect(scorers).toHaveLength(3);
    expect(unmapped.map(({ assertion, instead }) => [assertion, instead])).toEqual([
      ["assertion 1 (contains-json)", "json-valid"],
      ["assertion 2 (levenshtein)", "edit-distance"],
      ["assertion 3 (contains)", "contains"],
    ]);
  });

  test.each([
    { type: "javascript", value: "output.length < 9" },
    { type: "python", value: "True" },
    { type: "model-graded-closedqa", value: "a" },
    { type: "assert-set", assert: [{ type: "contains", value: "a" }], threshold: 0.5 },
    { type: "contains", value: "{{missing}}" },
    { type: "contains", value: "{{ want | upper }}" },
    { type: "contains", value: "file://a.txt" },
    { type: "contains-any", value: 7 },
    { type: "latency" },
    { type: "constructor", value: "a" },
    { value: "a" },
    { type: "contains", value: "a", weight: -1 },
  ])("%j is left out, and told", (assertion) => {
    const { scorers, unmapped } = mapped(assertion);
    expect(scorers).toEqual([]);
    expect(unmapped).toMatchObject([{ test: "test 1", instead: null, why: expect.stringMatching(/\w/) }]);
  });

  test("of a set without a threshold stands for itself", () => {
    const set = { type: "assert-set", assert: [{ type: "is-json" }, { type: "contains", value: "a" }] };
    expect(mapped(set).scorers.map(({ scorer }) => scorer)).toEqual(["json-valid", "contains"]);
  });
});

describe("a cell of __expected", () => {
  test.each([
    ["billing", { type: "equals", value: "billing" }],
    ["contains", { type: "contains" }],
    ["contains:a:b", { type: "contains", value: "a:b" }],
    ["not-regex:^a", { type: "not-regex", value: "^a" }],
    ["similar(0.9):hello", { type: "similar", value: "hello", threshold: 0.9 }],
    ["similar:hello", { type: "similar", value: "hello", threshold: 0.8 }],
    ["grade:is kind", { type: "llm-rubric", value: "is kind" }],
    ["fn:output > 1", { type: "javascript", value: "output > 1" }],
    ["latency(500)", { type: "latency", threshold: 500 }],
    ["cost:0.01", { type: "cost", value: "0.01", threshold: 0.01 }],
    ["note: not an assertion", { type: "equals", value: "note: not an assertion" }],
  ])("%s", (cell, assertion) => {
    expect(readAssertionText(cell)).toEqual({ ...assertion, others: [] });
  });
});

describe("a file", () => {
  test("gives its tests the assertions and variables that hold for all, and hoists common scorers", () => {
    const file = read(`
defaultTest:
  vars: { tone: kind }
  assert: [{ type: latency, threshold: 500 }]
tests:
  - vars: { ticket: a }
    assert: [{ type: equals, value: billing }]
    metadata: { split: test, area: [money, mail], cluster: chat-1 }
  - vars: { ticket: b, tone: dry }
    assert: [{ type: equals, value: bug }]
`);
    expect(file.scorers).toEqual([
      { scorer: "latency", options: { max: 500 } },
      { scorer: "exact", options: { trim: false } },
    ]);
    expect(file.drafts).toMatchObject([
      {
        variables: { ticket: "a", tone: "kind" },
        expected: { value: "billing" },
        split: "test",
        tags: ["area:money", "area:mail"],
        cluster: "chat-1",
        place: "line 6",
      },
      { variables: { ticket: "b", tone: "dry" }, split: null, scorers: [] },
    ]);
  });

  test("stands for a test with each value of a list, unless it says otherwise", () => {
    const tests = (options: string): string =>
      `- vars: { a: [1, 2], b: [x, y] }\n  assert: [{ type: is-json }]\n  options: { ${options} }`;
    expect(read(tests("")).drafts.map(({ variables }) => variables)).toEqual([
      { a: 1, b: "x" },
      { a: 1, b: "y" },
      { a: 2, b: "x" },
      { a: 2, b: "y" },
    ]);
    expect(read(tests("disableVarExpansion: true")).drafts).toMatchObject([{ variables: { a: [1, 2] } }]);
  });

  test("says of each test and each thing beside the tests what was not taken in", () => {
    const { drafts, unmapped } = read(`
scenarios: []
tests:
  - description: refund
    vars: { ticket: a }
    assert: [{ type: javascript, value: x }, { type: is-json }]
    threshold: 0.5
    options: { transform: x }
  - vars: { ticket: b }
    assert: [{ type: python, value: x }]
  - vars: { ticket: "file://b.txt" }
    assert: [{ type: is-json }]
  - file://more.yaml
  - vars: file://vars.yaml
    assert: [{ type: is-json }]
  - vars: { ticket: e }
    assert: { type: is-json }
    metadata: { deep: { a: 1 } }
`);
    expect(drafts.map(({ variables }) => variables)).toEqual([{ ticket: "a" }, { ticket: "e" }]);
    expect(unmapped.map(({ test, assertion }) => [test, assertion])).toEqual([
      ["scenarios", null],
      ["test 1 (line 4, refund)", null],
      ["test 1 (line 4, refund)", null],
      ["test 1 (line 4, refund)", "assertion 1 (javascript)"],
      ["test 2 (line 9)", "assertion 1 (python)"],
      ["test 2 (line 9)", null],
      ["test 3 (line 11)", null],
      ["test 4 (line 13)", null],
      ["test 5 (line 14)", null],
      ["test 6 (line 16)", null],
      ["test 6 (line 16)", null],
    ]);
    expect(unmapped.find(({ test }) => test.startsWith("test 4"))?.why).toContain("is another file");
    expect(read("tests: file://tests.csv").unmapped).toMatchObject([{ test: "tests", instead: null }]);
  });

  test("is read as JSON Lines and as CSV too", () => {
    const lines = read('{"vars":{"ticket":"a"},"assert":[{"type":"equals","value":"x"}]}', "jsonl");
    expect(lines.drafts).toMatchObject([
      { variables: { ticket: "a" }, expected: { kind: "label", value: "x" } },
    ]);
    const table = read(
      'ticket,__expected,__expected2,__metadata:area,__prefix,__description\n"a,\nb",x,latency(9),mail,p,refund\n',
      "csv",
    );
    expect(table.drafts).toMatchObject([
      {
        variables: { ticket: "a,\nb" },
        expected: { value: "x" },
        tags: ["area:mail"],
        scorers: [{ scorer: "exact" }, { scorer: "latency" }],
        place: "line 2",
        provenance: { ref: "promptfoo.csv, line 2 (refund)" },
      },
    ]);
    expect(table.unmapped).toMatchObject([
      { test: "header", why: 'the column "__prefix" has no counterpart' },
    ]);
  });
});

describe("what a test of promptfoo must not do in silence", () => {
  test("is to lose a cluster that is a number", () => {
    const { drafts } = read(
      "- vars: {q: a}\n  metadata: {cluster: 7}\n  assert: [{type: equals, value: b}]\n",
    );
    expect(drafts).toMatchObject([{ cluster: "7", tags: [] }]);
  });

  test("is to stand for a million others", () => {
    const list = `[${Array.from({ length: 10 }, (_, at) => at).join(",")}]`;
    const vars = ["a", "b", "c", "d", "e", "f"].map((name) => `${name}: ${list}`).join(", ");
    const { drafts, unmapped } = read(`- vars: {${vars}}\n  assert: [{type: equals, value: b}]\n`);
    expect(drafts).toEqual([]);
    expect(unmapped).toMatchObject([{ why: expect.stringContaining("1000000 tests, more than 1000") }]);
  });

  test("is to fill in what every object has", () => {
    const assertion = { type: "equals", value: "{{want.constructor}} {{toString}}" };
    expect(mapped(assertion)).toMatchObject({ scorers: [], unmapped: [{ instead: null }] });
  });
});
