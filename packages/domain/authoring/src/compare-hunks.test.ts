/** Holds hunks to having every change once, with what stands around it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareBodies, type TextPiece } from "./compare-bodies.ts";
import { hunksOf } from "./compare-hunks.ts";

function linesOf(before: string, after: string): readonly TextPiece[] {
  return compareBodies(before, after).messages.flatMap(({ lines }) => lines);
}

describe("hunksOf", () => {
  test("keeps two lines around each change, and counts both sides", () => {
    const before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj";
    const [first, second, ...none] = hunksOf(linesOf(before, before.replace("b", "B").replace("i", "I\nII")));
    expect(none).toEqual([]);
    expect(first).toMatchObject({ before: 1, after: 1 });
    expect(first?.lines.map(({ text }) => text)).toEqual(["a", "b", "B", "c", "d"]);
    expect(second).toMatchObject({ before: 7, after: 7 });
    expect(second?.lines.map(({ text }) => text)).toEqual(["g", "h", "i", "I", "II", "j"]);
  });

  test("names the heading that a change stands under", () => {
    const before = "intro\n# Tone\na\nb\nc\nf\nd\n## Labels\ne";
    const sections = hunksOf(
      linesOf(before, before.replace("intro", "Intro").replace("d", "D").replace("\ne", "\nE")),
    );
    expect(sections.map(({ section }) => section)).toEqual([null, "Tone"]);
  });

  test("marks words where a line was rewritten, and not where nothing of it stays", () => {
    const [rewritten] = hunksOf(linesOf("Answer in one word.", "Answer in two words."));
    expect(rewritten?.words?.filter(({ change }) => change === "added").map(({ text }) => text)).toEqual([
      "two",
      "words",
    ]);
    expect(hunksOf(linesOf("abc", "xyz"))[0]?.words).toBeNull();
    expect(hunksOf(linesOf("a\nb", "a"))[0]?.words).toBeNull();
  });

  test("has every changed line once, whatever the texts are", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 })
      .map((list) => list.join("\n"));
    fc.assert(
      fc.property(text, text, fc.nat(3), (before, after, context) => {
        const lines = linesOf(before, after);
        const shown = hunksOf(lines, context).flatMap((hunk) => hunk.lines);
        const changedOf = (all: readonly TextPiece[]) => all.filter(({ change }) => change !== "same");
        expect(changedOf(shown)).toEqual(changedOf(lines));
      }),
    );
  });
});
