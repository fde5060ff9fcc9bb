/** Tests of `colophon gate verdict` over files, as a script would call it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliWorld, openWorld } from "../cli-world.fixture.ts";

interface Verdict {
  readonly verdict: string;
  readonly difference: number | null;
  readonly flipped: readonly { readonly case: string }[];
  readonly slices: readonly { readonly slice: string; readonly worse: boolean }[];
  readonly casesNeeded: number | null;
}

/** What every verdict has, recorded or not. */
const FIELDS = [
  ...["verdict", "mode", "difference", "lower", "upper", "margin", "alpha", "cases", "repeats", "method"],
  ...["ratchet", "slices", "guards", "vetoes", "flipped", "casesNeeded", "evidenceId"],
];

const scores = (
  of: number,
  score: (at: number) => number,
  more: (at: number) => object = () => ({}),
): string =>
  Array.from({ length: of }, (_, at) =>
    JSON.stringify({ case: `case-${at}`, score: score(at), ...more(at) }),
  ).join("\n");

describe("colophon gate verdict", () => {
  let world: CliWorld;

  beforeAll(() => {
    world = openWorld();
    world.write(
      "26.jsonl",
      scores(30, (at) => Number(at < 26)),
    );
    world.write(
      "9.jsonl",
      scores(30, (at) => Number(at < 9)),
    );
    world.write(
      "all.jsonl",
      scores(18, () => 1),
    );
    world.write(
      "flips.jsonl",
      scores(18, (at) => Number(at !== 3 && at !== 7)),
    );
    world.write(
      "many.jsonl",
      scores(150, () => 1),
    );
    world.write(
      "costly.jsonl",
      scores(
        150,
        () => 1,
        () => ({ guards: { cost: 1.8 } }),
      ),
    );
    world.write(
      "cheap.jsonl",
      scores(
        150,
        () => 1,
        () => ({ guards: { cost: 1 } }),
      ),
    );
    world.write("wrong.jsonl", '{"case":"a","score":1}\n{"case":"b","score":7}\n');
    world.write(
      "vetoed.jsonl",
      scores(
        150,
        () => 1,
        (at) => ({ required: at !== 5 }),
      ),
    );
    world.write(
      "errors.jsonl",
      scores(150, () => 1).replaceAll(/("case-1\d"),"score":1/g, '$1,"score":null,"error":"timed out"'),
    );
  });

  afterAll(() => world.close());

  const judge = (baseline: string, challenger: string, ...more: readonly string[]) =>
    world.run([
      "gate",
      "verdict",
      "--baseline",
      `${baseline}.jsonl`,
      "--challenger",
      `${challenger}.jsonl`,
      ...more,
    ]);

  test("blocks 9 of 30 against 26 of 30 with exit 1, in every field of the contract", async () => {
    const ran = await judge("26", "9", "--json");
    expect(ran.code).toBe(1);
    expect(Object.keys(ran.json())).toEqual(expect.arrayContaining(FIELDS));
    expect(ran.json()).toMatchObject({ verdict: "block", cases: 30, ratchet: "block", evidenceId: null });
  });

  test("names the flipped cases of an inconclusive file and exits 3", async () => {
    const ran = await judge("all", "flips", "--format", "json");
    expect(ran.code).toBe(3);
    const verdict = ran.json<Verdict>();
    expect(verdict.flipped.map((flip) => flip.case)).toEqual(["case-3", "case-7"]);
    expect(verdict.casesNeeded).toBeGreaterThan(18);
    const said = await judge("all", "flips");
    expect(said.code).toBe(3);
    expect(said.out).toContain("case-7");
    expect(said.out).toContain("inconclusive");
  });

  test("ships equal answers on enough cases with exit 0", async () => {
    const ran = await judge("many", "many");
    expect(ran.code).toBe(0);
    expect(ran.out).toContain("ruled out");
  });

  test("exits 4 for errors above their share and for files without a case in common", async () => {
    expect((await judge("many", "errors")).code).toBe(4);
    world.write("empty.jsonl", "");
    const empty = await judge("many", "empty", "--json");
    expect(empty.code).toBe(4);
    expect(empty.json()).toMatchObject({ verdict: "invalid", difference: null });
  });

  test("blocks on a required rule, and on costs unless their limit is raised or off", async () => {
    expect((await judge("many", "vetoed")).code).toBe(1);
    expect((await judge("cheap", "costly")).code).toBe(1);
    expect((await judge("cheap", "costly", "--guard", "cost=2")).code).toBe(0);
    expect((await judge("cheap", "costly", "--guard", "cost=off")).code).toBe(0);
  });

  test("takes margin, mode, risk, minimum and anchor", async () => {
    expect((await judge("all", "all", "--margin", "0.2")).code).toBe(0);
    expect((await judge("all", "all", "--margin", "0.2", "--minimum", "40")).code).toBe(3);
    expect((await judge("all", "all", "--mode", "strict")).code).toBe(0);
    expect((await judge("all", "flips", "--mode", "strict")).code).toBe(1);
    expect((await judge("many", "many", "--risk", "high")).code).toBe(3);
    expect((await judge("9", "9", "--margin", "0.2", "--anchor", "26.jsonl")).code).toBe(1);
  });

  test("writes the report where it is told, and says the verdict beside it", async () => {
    const ran = await judge("26", "9", "--format", "json", "-o", "report.json");
    expect([ran.code, ran.out]).toEqual([1, ""]);
    expect(ran.err).toContain("block");
    expect(JSON.parse(readFileSync(join(world.folder, "report.json"), "utf8"))).toMatchObject({
      verdict: "block",
    });
  });

  test.each([
    ["junit", /<testsuite[^>]+failures="[1-9]/],
    ["markdown", /block/],
    ["html", /<svg/],
  ])("gives the same verdict as %s", async (format, form) => {
    const ran = await judge("26", "9", "--format", format);
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(form);
  });

  test.each([
    [["--challenger", "9.jsonl"], "--baseline"],
    [["--baseline", "9.jsonl"], "--challenger"],
    [["--baseline", "9.jsonl", "--challenger", "wrong.jsonl"], "line 2"],
    [["--baseline", "9.jsonl", "--challenger", "nowhere.jsonl"], "is not there"],
    [["--baseline", "9.jsonl", "--challenger", "9.jsonl", "--margin", "3%"], "--margin"],
    [["--baseline", "9.jsonl", "--challenger", "9.jsonl", "--margin", "3"], "margin is 3"],
    [["--baseline", "9.jsonl", "--challenger", "9.jsonl", "--alpha", "0.9"], "alpha is 0.9"],
    [["--baseline", "9.jsonl", "--challenger", "9.jsonl", "--mode", "loose"], "--mode loose"],
    [["--baseline", "9.jsonl", "--challenger", "9.jsonl", "--format", "pdf"], "--format pdf"],
    [["--baseline", "9.jsonl", "--challenger", "9.jsonl", "--guard", "cost"], "--guard"],
    [["--baseline", "9.jsonl", "--challenger", "9.jsonl", "--guard", "mood=1"], "--guard mood"],
  ])("refuses %j with exit 2 and one sentence", async (args, what) => {
    const ran = await world.run(["gate", "verdict", ...args]);
    expect([ran.code, ran.out]).toEqual([2, ""]);
    expect(ran.err).toContain(what);
    expect(ran.err.trim().split("\n")).toHaveLength(1);
  });
});
