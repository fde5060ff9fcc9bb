/** Tests that an inconclusive verdict names what stands in the way, and no other verdict does. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideFirstGate } from "./decide-first-gate.ts";
import { decideGate } from "./decide-gate.ts";
import { lines, passes } from "./score-lines.fixture.ts";

const guards = (cost: number) => ({ guards: { cost, latency: null, length: null, refused: null } });

describe("nameObstacles", () => {
  test("stands for every inconclusive verdict, and for no other", () => {
    const scores = fc.array(fc.option(fc.constantFrom(0, 0.5, 1), { freq: 6 }), {
      minLength: 2,
      maxLength: 60,
    });
    fc.assert(
      fc.property(scores, scores, fc.constantFrom("noninferiority", "strict", "both"), (one, other, mode) => {
        const count = Math.min(one.length, other.length);
        const side = (of: readonly (number | null)[]) => lines(count, (at) => of[at] ?? null);
        const asked = { mode, margin: 0.2, blockingSlices: count % 5 === 0 ? ["de"] : [] } as const;
        const sides = { baseline: side(one), challenger: side(other) };
        for (const said of [
          decideGate({ ...sides, options: asked }),
          decideFirstGate({ challenger: sides.challenger }),
        ]) {
          expect((said.obstacles ?? []).length > 0).toBe(said.verdict === "inconclusive");
        }
      }),
    );
  });

  test("names the guard where quality alone would ship", () => {
    const baseline = lines(
      40,
      () => 1,
      () => guards(1),
    );
    const challenger = lines(
      40,
      () => 1,
      (at) => guards(at === 0 ? 30 : 1),
    );
    const said = decideGate({ baseline, challenger, options: { margin: 0.2 } });
    expect(said.verdict).toBe("inconclusive");
    expect(said.obstacles).toEqual([
      expect.stringMatching(/^Guard cost: The mean cost of an answer is 1\.7\d times the baseline's/),
    ]);
  });

  test("names a guard that was asked for and not measured, and the slice that has no case", () => {
    const options = { margin: 0.2, guards: { latencyP95: 2 }, blockingSlices: ["de"] };
    const { obstacles } = decideGate({ baseline: passes(60, 60), challenger: passes(60, 60), options });
    expect(obstacles).toEqual([
      "Guard latencyP95: a limit is set, and it was not measured on enough cases.",
      'Slice "de": it can block and has no paired case.',
    ]);
  });

  test("names the mean score with its place, and cases that are too few", () => {
    const { obstacles } = decideGate({ baseline: passes(8, 8), challenger: passes(8, 8) });
    expect(obstacles).toEqual([
      expect.stringMatching(
        /^Mean score: The challenger is level with the baseline on 8 cases; .* not ruled out\.$/,
      ),
      "Cases: 8 have scores, and nothing ships on less than 10.",
    ]);
  });
});
