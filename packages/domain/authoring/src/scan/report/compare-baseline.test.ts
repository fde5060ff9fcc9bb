/** Tests of baselines: only what is new counts, wherever it stands, and what was changed is said to be. */
import { errorCodeOf } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { baselineOf, compareBaseline, readBaseline } from "./compare-baseline.ts";
import { aFinding } from "./scanned-texts.fixture.ts";

const EDITOR = "You are a careful editor. Shorten the text to two sentences.";
const JUDGE = "Rate the answer from 1 to 5 and give one reason.";

describe("a baseline", () => {
  it("knows a text again on other lines, in another file and in another layout", () => {
    const baseline = baselineOf([aFinding(EDITOR)]);
    const moved = [aFinding(EDITOR.replace(". ", ".\n    "), { file: "lib/b.ts", line: 90 })];
    expect(compareBaseline(moved, baseline)).toEqual({ known: moved, fresh: [], stale: [] });
  });

  it("counts copies: one more than were known is new", () => {
    const baseline = baselineOf([aFinding(EDITOR), aFinding(EDITOR, { line: 9 })]);
    const three = [1, 2, 3].map((line) => aFinding(EDITOR, { line }));
    const { known, fresh } = compareBaseline(three, baseline);
    expect([known.length, fresh.length]).toEqual([2, 1]);
  });

  it("takes a changed text for new, and says of which one it is probably a change", () => {
    const baseline = baselineOf([aFinding(EDITOR), aFinding(JUDGE)]);
    const changed = aFinding(EDITOR.replace("two", "three"));
    const { fresh, stale } = compareBaseline([changed, aFinding(JUDGE)], baseline);
    expect(fresh).toMatchObject([{ finding: changed, changeOf: { text: EDITOR } }]);
    expect(stale).toMatchObject([{ entry: { text: EDITOR }, gone: 1 }]);
  });

  it("says of no text that it is a change of one that is still there, or of something else", () => {
    const baseline = baselineOf([aFinding(EDITOR), aFinding("Name the capital of {{country}}.")]);
    const { fresh } = compareBaseline([aFinding(EDITOR), aFinding(EDITOR.replace("two", "three"))], baseline);
    expect(fresh).toMatchObject([{ changeOf: null }]);
  });

  it("says what is gone, and how often", () => {
    const baseline = baselineOf([aFinding(EDITOR), aFinding(EDITOR), aFinding(JUDGE, { file: "src/b.ts" })]);
    expect(compareBaseline([aFinding(EDITOR)], baseline).stale).toMatchObject([
      { entry: { text: EDITOR, count: 2 }, gone: 1 },
      { entry: { text: JUDGE, count: 1 }, gone: 1 },
    ]);
  });

  it("is written in the same order whatever the order of the findings, and read as it was written", () => {
    const findings = [aFinding(JUDGE, { file: "b.ts" }), aFinding(EDITOR), aFinding(JUDGE)];
    const baseline = baselineOf(findings);
    expect(baselineOf(findings.toReversed())).toEqual(baseline);
    expect(readBaseline(JSON.parse(JSON.stringify(baseline)), "known.json")).toEqual(baseline);
  });

  it.each([
    ["nothing", null],
    ["a list", []],
    ["a version that is not known", { ...baselineOf([]), version: 2 }],
    ["an entry without an id", { ...baselineOf([]), findings: [{ count: 1, file: "a", text: "b" }] }],
    [
      "an entry that stands nowhere",
      { ...baselineOf([]), findings: [{ id: "1", count: 0, file: "a", text: "b" }] },
    ],
  ])("is refused when it is %s", (_, document) => {
    let thrown: unknown;
    try {
      readBaseline(document, "known.json");
    } catch (error) {
      thrown = error;
    }
    expect(errorCodeOf(thrown)).toBe("input-malformed");
    expect(String(thrown)).toContain("known.json");
  });
});
