/** Tests of folded scores: columns say what the lines said, in whatever order these came. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ScoreLine } from "../score-line.ts";
import { beside } from "./beside.ts";
import { foldScores, ScoreFold } from "./fold-scores.ts";

const figure = fc.option(fc.double({ min: 0, max: 9, noNaN: true }));

/** Each repeat of each case once. */
const anyLines: fc.Arbitrary<readonly ScoreLine[]> = fc
  .uniqueArray(
    fc.record({
      case: fc.constantFrom("a", "b", "c", "ä", "long name of a case"),
      repeat: fc.integer({ min: 0, max: 3 }),
      score: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      slice: fc.subarray(["x", "y", "z"]),
      required: fc.constantFrom(true, false, undefined),
      guards: fc.option(
        fc.record({ cost: figure, latency: figure, length: figure, refused: fc.option(fc.boolean()) }),
        { nil: undefined },
      ),
    }),
    { maxLength: 15, selector: ({ case: id, repeat }) => `${id} ${repeat}` },
  )
  .map((lines) =>
    lines.map(({ required, guards, ...line }) => ({
      ...line,
      cluster: line.case === "a" ? "talk" : null,
      ...(required !== undefined && { required }),
      ...(guards !== undefined && { guards }),
    })),
  );

test("a case has the scores, rules, figures and slices of its lines, by repeat", () => {
  fc.assert(
    fc.property(anyLines, (lines) => {
      const side = foldScores(lines);
      const names = [...new Set(lines.map((line) => line.case))].sort();
      expect([...side].map((one) => one.case)).toEqual(names);
      expect([side.size, side.lines]).toEqual([names.length, lines.length]);
      expect(side.errors).toBe(lines.filter(({ score }) => score === null).length);
      for (const one of side) {
        const own = lines.filter((line) => line.case === one.case).sort((a, b) => a.repeat - b.repeat);
        const scores = own.flatMap(({ score }) => (score === null ? [] : [score]));
        expect(one.scores).toEqual(scores);
        expect([one.answers, one.scored]).toEqual([own.length, scores.length]);
        expect(one.mean === null).toBe(scores.length === 0);
        expect(one.cluster).toBe(one.case === "a" ? "talk" : null);
        expect(one.slices).toEqual([...new Set(own.flatMap(({ slice }) => slice))].sort());
        expect(one.ruled).toBe(own.filter(({ required }) => required !== undefined).length);
        expect(one.failed).toEqual(
          own.filter(({ required }) => required === false).map(({ repeat }) => repeat),
        );
        for (const name of ["cost", "latency", "length"] as const)
          expect(one.figures(name)).toEqual(own.flatMap(({ guards }) => guards?.[name] ?? []));
        expect(one.figures("refused")).toEqual(
          own.flatMap(({ guards }) => (guards?.refused == null ? [] : [Number(guards.refused)])),
        );
      }
    }),
  );
});

test("two sides are gone through together by their names, whatever each of them lacks", () => {
  fc.assert(
    fc.property(anyLines, anyLines, (one, other) => {
      const [a, b] = [foldScores(one), foldScores(other)];
      const both = [...beside(a, b)];
      expect(both.map((pair) => pair.case)).toEqual(
        [...new Set([...one, ...other].map((line) => line.case))].sort(),
      );
      for (const pair of both) {
        expect(pair.other?.case).toBe(one.some((line) => line.case === pair.case) ? pair.case : undefined);
        expect(pair.own?.case).toBe(other.some((line) => line.case === pair.case) ? pair.case : undefined);
      }
      expect([...beside(null, b)].map(({ own }) => own?.case)).toEqual([...b].map((each) => each.case));
    }),
  );
});

test("a fold takes lines in one by one, and refuses a repeat that comes twice", () => {
  const line: ScoreLine = { case: "a", cluster: null, repeat: 2, score: 1, slice: [] };
  const fold = new ScoreFold(["tone"]);
  fold.add({ ...line, metrics: { tone: null } });
  expect([...foldScores(fold).unscored]).toEqual([["tone", "a"]]);
  fold.add(line);
  expect(() => fold.side()).toThrow('The case "a" has repeat 2 twice; keep one of them.');
  expect(() => fold.add({ ...line, cluster: "talk" })).toThrow("is in the clusters null and talk");
});
