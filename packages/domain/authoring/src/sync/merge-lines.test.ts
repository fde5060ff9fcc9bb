/** Tests of merging lines: what a clean merge owes to both sides, and what is a conflict. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conflictLine, markConflicts } from "./conflict-markers.ts";
import { type LineSides, type MergeRegion, mergeLines } from "./merge-lines.ts";

function merged(sides: LineSides): readonly string[] | "conflict" {
  const regions = mergeLines(sides);
  return regions.some(({ kind }) => kind === "conflict")
    ? "conflict"
    : regions.flatMap((region) => (region.kind === "settled" ? region.lines : []));
}

const base: fc.Arbitrary<readonly string[]> = fc.array(fc.constantFrom("a", "b", "c", "d", "e", ""), {
  maxLength: 12,
});

interface Edit {
  readonly at: number;
  readonly drop: number;
  readonly lines: readonly string[];
}

/** Changes of one side, whose lines nobody else has written. */
function edits(side: string): fc.Arbitrary<readonly Edit[]> {
  const edit = fc.record({
    at: fc.nat(12),
    drop: fc.nat(3),
    lines: fc.array(
      fc.nat(99).map((n) => `${side}${n}`),
      { maxLength: 2 },
    ),
  });
  return fc.array(edit, { maxLength: 3 });
}

function applied(lines: readonly string[], changes: readonly Edit[]): readonly string[] {
  const result = [...lines];
  for (const { at, drop, lines: added } of changes)
    result.splice(Math.min(at, result.length), drop, ...added);
  return result;
}

const sides = fc.tuple(base, edits("x"), edits("y")).map(([lines, ours, theirs]) => ({
  base: lines,
  ours: applied(lines, ours),
  theirs: applied(lines, theirs),
}));

describe("mergeLines", () => {
  it("takes the changed side where only one has changed", () => {
    fc.assert(
      fc.property(sides, ({ base: lines, ours }) => {
        expect(merged({ base: lines, ours, theirs: lines })).toEqual(ours);
        expect(merged({ base: lines, ours: lines, theirs: ours })).toEqual(ours);
        expect(merged({ base: lines, ours, theirs: ours })).toEqual(ours);
      }),
    );
  });

  it("comes to the same with the sides exchanged", () => {
    fc.assert(
      fc.property(sides, ({ base: lines, ours, theirs }) => {
        const exchanged = mergeLines({ base: lines, ours: theirs, theirs: ours }).map((region) =>
          region.kind === "settled" ? region : { ...region, ours: region.theirs, theirs: region.ours },
        );
        expect(mergeLines({ base: lines, ours, theirs })).toEqual(exchanged);
      }),
    );
  });

  it("loses no line that either side wrote, and keeps none that either took out, unless it is a conflict", () => {
    const count = (lines: readonly string[], line: string) => lines.filter((one) => one === line).length;
    let clean = 0;
    fc.assert(
      fc.property(sides, ({ base: lines, ours, theirs }) => {
        const result = merged({ base: lines, ours, theirs });
        if (result === "conflict") return;
        clean++;
        for (const line of new Set([...ours, ...theirs, ...lines])) {
          const [before, here, there] = [count(lines, line), count(ours, line), count(theirs, line)];
          // Lines of one side alone are counted exactly; a line that both took out is gone once.
          if (before === 0) expect(count(result, line)).toBe(here + there);
          else expect(count(result, line)).toBeGreaterThanOrEqual(here + there - before);
          expect(count(result, line)).toBeLessThanOrEqual(Math.max(here, there, here + there - before));
        }
      }),
      { numRuns: 500 },
    );
    expect(clean).toBeGreaterThan(50);
  });

  it("shows in a conflict every line of both sides, and finds its place again", () => {
    const names = { ours: "the file", base: "v1", theirs: "v2" };
    fc.assert(
      fc.property(sides, (three) => {
        const regions = mergeLines(three);
        const marked = markConflicts(regions, names);
        if (!regions.some(({ kind }) => kind === "conflict")) return;
        for (const line of [...three.ours, ...three.theirs]) {
          const wasIn = three.base.includes(line);
          if (!wasIn) expect(marked).toContain(line);
        }
        expect(conflictLine(marked.join("\n"))).toBe(marked.indexOf("<<<<<<< the file") + 1);
      }),
    );
  });

  it("is one conflict where too many lines differ to compare them all", () => {
    const lines = (side: string) => Array.from({ length: 6_000 }, (_, index) => `${side}${index}`);
    const same = ["---", "model: x"];
    const regions: readonly MergeRegion[] = mergeLines({
      base: [...same, ...lines("o"), "end"],
      ours: [...same, ...lines("a"), "end"],
      theirs: [...same, ...lines("b"), "end"],
    });
    expect(regions.map(({ kind }) => kind)).toEqual(["settled", "conflict", "settled"]);
    expect(regions[0]).toEqual({ kind: "settled", lines: same });
    expect(regions[2]).toEqual({ kind: "settled", lines: ["end"] });
  });
});

describe("conflictLine", () => {
  it("takes no ordinary text for a conflict", () => {
    for (const text of ["a\n=======\nb", "<<<<<<<\n=======\n>>>>>>>", "Say >>>>>>> x", "<<<<<<< x\nno end"]) {
      expect(conflictLine(text)).toBeUndefined();
    }
    expect(conflictLine("---\r\n<<<<<<< x\r\na\r\n=======\r\nb\r\n>>>>>>> y\r\n")).toBe(2);
  });
});
