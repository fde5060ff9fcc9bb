/** Tests of reading score files: what they may hold, and what each slip is called. */
import { errorCodeOf } from "@colophon/kernel";
import { describe, expect, test } from "vitest";
import { readScoreLines } from "./read-score-lines.ts";

const refusal = (text: string): string => {
  try {
    for (const _ of readScoreLines(text, "scores.jsonl"));
  } catch (error) {
    expect(errorCodeOf(error)).toBe("input-malformed");
    return (error as Error).message;
  }
  return "";
};

describe("readScoreLines", () => {
  test("takes case and score, and what is left out at its plainest", () => {
    expect([...readScoreLines('\uFEFF{"case":"a","score":0.5}\r\n\n', "x")]).toEqual([
      { case: "a", cluster: null, repeat: 0, score: 0.5, slice: [] },
    ]);
  });

  test("takes everything that a run writes", () => {
    const line = {
      case: "a",
      cluster: "talk 7",
      repeat: 2,
      score: null,
      error: "the judge answered no JSON",
      slice: ["refunds"],
      required: false,
      metrics: { tone: 0.5, schema: null },
      guards: { cost: 0.01, latency: 800, length: null, refused: false },
    };
    expect([...readScoreLines(JSON.stringify(line), "x")]).toEqual([line]);
  });

  test("passes over fields of other tools", () => {
    expect([...readScoreLines('{"case":"a","score":1,"cost":3,"model":"m","name":"n"}', "x")]).toHaveLength(
      1,
    );
  });

  test("names a case in two clusters by its line, beside all other lines that are wrong", () => {
    const text = '{"case":"a","score":1}\n{"case":"a","score":1,"repeat":1,"cluster":"talk"}\n{"case":';
    const lines: unknown[] = [];
    const read = (): void => {
      for (const line of readScoreLines(text, "x")) lines.push(line);
    };
    expect(read).toThrow(
      /line 2: "a" is in the clusters null and talk; keep it in one; line 3: it is no JSON/,
    );
    expect(lines).toHaveLength(1);
  });

  test.each([
    ["x", "it is no JSON"],
    ["[1]", "give an object"],
    ['{"score":1}', '"case" is undefined'],
    ['{"case":7,"score":1}', '"case" is 7'],
    ['{"case":"a"}', '"score" is undefined'],
    ['{"case":"a","score":"1"}', '"score" is "1"'],
    ['{"case":"a","score":1.01}', '"score" is 1.01'],
    ['{"case":"a","score":null}', 'null without an "error"'],
    ['{"case":"a","score":0,"error":"timed out"}', 'has a score and an "error"'],
    ['{"case":"a","score":1,"repeat":-1}', '"repeat" is -1'],
    ['{"case":"a","score":1,"slice":"refunds"}', '"slice" is "refunds"'],
    ['{"case":"a","score":1,"required":"no"}', '"required" is "no"'],
    ['{"case":"a","score":1,"require":false}', 'did you mean "required"?'],
    ['{"case":"a","score":1,"slices":["x"]}', 'did you mean "slice"?'],
    ['{"case":"a","score":1,"metrics":{"tone":7}}', '"metrics" is'],
    ['{"case":"a","score":1,"guards":{"price":7}}', '"price" is no guard'],
    ['{"case":"a","score":1,"guards":{"cost":-7}}', '"cost" is -7'],
  ])("refuses %s with the number of its line", (text, what) => {
    const said = refusal(`{"case":"ok","score":1}\n${text}\n`);
    expect(said).toContain("scores.jsonl");
    expect(said).toContain("line 2");
    expect(said).toContain(what);
  });

  test("names both lines of a repeat that comes twice, and every wrong line at once", () => {
    const twice = refusal(
      '{"case":"a","score":1}\n{"case":"a","score":1,"repeat":1}\n{"case":"a","score":0}',
    );
    expect(twice).toContain('line 3: repeat 0 of "a" stands in line 1 already');
    const many = refusal("x\n".repeat(14));
    expect(many).toContain("line 1");
    expect(many).toContain("line 10");
    expect(many).toContain("and 4 more");
  });
});
