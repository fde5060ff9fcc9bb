/** Tests of files of cases: what their columns and fields mean, and the lines of what is wrong. */
import { describe, expect, test } from "vitest";
import type { EvalSetFormat } from "./eval-set-file.ts";
import { readEvalSetFile } from "./read-eval-set-file.ts";

function read(text: string, format: EvalSetFormat = "yaml") {
  const file = readEvalSetFile({ file: `cases.${format}`, text, format });
  return { ...file, drafts: [...file.drafts] };
}

describe("a table", () => {
  test("has columns for what a case has besides its variables, and says the lines of what is wrong", () => {
    const { drafts } = read(
      'id,ticket,count:json,split,tags,cluster,expected\n1,"a ""b""",3,test,x;y,k,reference:Dear Ada\n2,b,,,,,json:[1]\n',
      "csv",
    );
    expect(drafts).toMatchObject([
      {
        id: "1",
        variables: { ticket: 'a "b"', count: 3 },
        split: "test",
        tags: ["x", "y"],
        cluster: "k",
        expected: { kind: "reference", value: "Dear Ada" },
      },
      {
        id: "2",
        variables: { ticket: "b" },
        split: null,
        tags: [],
        cluster: null,
        expected: { kind: "json", value: [1] },
      },
    ]);
    expect(() => read('a,split,b:json\n"x\ny",tset,1\nz,dev,{\n', "csv")).toThrow(
      /line 2: "split" is "tset"; use dev or test; line 4: "b" is no JSON/,
    );
    expect(() => read("a,b\n1,2,3\n", "csv")).toThrow("line 2: ");
    expect(() => read("a,a\n1,2\n", "csv")).toThrow('the column "a" is there twice');
  });

  test("takes a column for a variable where its marked form is there as well", () => {
    const { drafts } = read("id,__id,ticket,__expected,expected\nx,1,a,y,z\n", "csv");
    expect(drafts).toMatchObject([
      { id: "1", variables: { id: "x", ticket: "a", expected: "z" }, expected: { value: "y" } },
    ]);
  });
});

describe("a document of cases", () => {
  test("has the set's own fields beside them, and the lines of what is wrong", () => {
    const file = read(
      "name: triage\nowner: ada\nrefreshDays: 30\nscorers: [exact, {scorer: latency, options: {max: 5}}]\ncases:\n  - variables: {ticket: a}\n    expected: bug\n",
    );
    expect(file).toMatchObject({
      name: "triage",
      owner: "ada",
      refreshDays: 30,
      scorers: [{ scorer: "exact" }, {}],
    });
    expect(file.drafts).toMatchObject([{ expected: { kind: "label", value: "bug" }, place: "line 6" }]);
    expect(() => read("cases:\n  - variables: {a: 1}\n    tags: x\n  - 5\n")).toThrow(
      /line 2: "tags" is "x"; give a list of texts; line 4: it is 5; give an object with "variables"/,
    );
    expect(() => read("cases: [\n")).toThrow("cannot be taken in: line ");
    expect(() => read("cases: 5\nnmae: x\nrefreshDays: 0.5")).toThrow(
      /"nmae" is no field here; did you mean "name"\?; line 1: "refreshDays" is 0.5/,
    );
    expect(() => read("just text")).toThrow('give "cases", or promptfoo\'s "tests"');
    expect(() => read(" \n")).toThrow("there is nothing");
  });
});

describe("hostile and careless files", () => {
  test("have ids and clusters that are read exactly, or not at all", () => {
    const line = (id: string) => `{"id":${id},"cluster":7,"variables":{"t":"a"},"expected":""}`;
    expect(read(line("12"), "jsonl").drafts).toMatchObject([
      { id: "12", cluster: "7", expected: { kind: "label", value: "" } },
    ]);
    expect(() => read(line("12345678901234567890"), "jsonl")).toThrow('line 1: "id" is 12345678901234567000');
    expect(() => read(line("1.5"), "jsonl")).toThrow("put it in quotes");
  });

  test("say that aliases stand for too much, and take an empty label that an export wrote", () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of).join(",")}]\n`;
    const bomb = ["a", "b", "c", "d"].map((name, at) => level(name, at === 0 ? "x" : `*${"abc"[at - 1]}`));
    expect(() => read(`${bomb.join("")}cases: [{variables: {t: *d}}]\n`)).toThrow("line 1: its aliases");
    expect(read('{"variables":{},"expected":{"kind":"label","value":""}}', "jsonl").drafts).toHaveLength(1);
    expect(() => read('{"variables":{},"expected":{"kind":"rubric","value":""}}', "jsonl")).toThrow(
      "give a text",
    );
  });

  test("are refused by their line where they are nested beyond reason", () => {
    const deep = `{"variables":{"t":${"[".repeat(20_000)}${"]".repeat(20_000)}},"expected":"x"}`;
    expect(() => read(deep, "jsonl")).toThrow("line 1: it is nested more than 100 levels deep");
  });

  test("have no case in a row without a value, and variables whose names begin like columns of ours", () => {
    const { drafts, unmapped } = read("t,__x:json,expected\r\na,1,b\r\n,,\r\nc,2,d\r\n", "csv");
    expect(drafts).toMatchObject([
      { variables: { t: "a", __x: 1 }, provenance: { ref: "cases.csv, line 2" } },
      { variables: { t: "c", __x: 2 }, provenance: { ref: "cases.csv, line 4" } },
    ]);
    expect(unmapped).toEqual([]);
  });

  test("keep a variable that is called like a part of every object as a value of its own", () => {
    const { drafts } = read('{"variables":{"__proto__":{"a":1}},"expected":"x"}', "jsonl");
    expect(Object.keys(drafts[0]?.variables ?? {})).toEqual(["__proto__"]);
    expect(({} as { readonly a?: number }).a).toBeUndefined();
  });
});
