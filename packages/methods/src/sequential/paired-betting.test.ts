/** Tests of the bets on pairs: by exact expectations, in verdicts, and by false alarms. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededDraws } from "../seeded-draws.ts";
import { addPair, type PairedBetting, startPairedBetting } from "./paired-betting.ts";
import { refusal } from "./refused.fixture.ts";

const difference = fc.double({ min: -1, max: 1, noNaN: true });
const history = fc.array(difference, { maxLength: 60 });
const question = fc.record({
  margin: fc.double({ min: 0, max: 0.5, noNaN: true }),
  alpha: fc.constantFrom(0.01, 0.05),
  stakes: fc.constantFrom("kelly" as const, "plug-in" as const),
});

function after(differences: readonly number[], betting: PairedBetting): PairedBetting {
  return differences.reduce(addPair, betting);
}

describe("bets on pairs", () => {
  test("are fair games at the margin itself, whatever came before", () => {
    fc.assert(
      fc.property(history, question, (past, given) => {
        const betting = after(past, startPairedBetting(given));
        const win = (1 - given.margin) / 2;
        const mean = (of: "ship" | "block"): number => {
          const factor = (d: number): number => Math.exp(addPair(betting, d)[of].log - betting[of].log);
          return win * factor(1) + (1 - win) * factor(-1);
        };
        expect(mean("ship")).toBeCloseTo(1, 9);
        expect(mean("block")).toBeCloseTo(1, 9);
      }),
    );
  });

  test("ship what loses less than the margin, and block what loses more", () => {
    const follow = (rate: number, stakes: "kelly" | "plug-in"): PairedBetting => {
      const random = seededDraws(6);
      let betting = startPairedBetting({ margin: 0.05, alpha: 0.05, stakes });
      for (let pair = 0; pair < 3000; pair += 1) {
        betting = addPair(betting, (random.next() < rate ? 1 : 0) - (random.next() < 0.9 ? 1 : 0));
      }
      return betting;
    };
    for (const stakes of ["kelly", "plug-in"] as const) {
      expect(follow(0.9, stakes).verdict).toBe("ship");
      expect(follow(0.75, stakes).verdict).toBe("block");
    }
  });

  test("are inconclusive for want of pairs, and keep the verdict that came first", () => {
    const start = startPairedBetting({ margin: 0, alpha: 0.05 });
    expect(start.verdict).toBe("inconclusive");
    const blocked = after(Array<number>(40).fill(-1), start);
    expect(blocked.verdict).toBe("block");
    const turned = after(Array<number>(400).fill(1), blocked);
    expect(turned.ship.log).toBeGreaterThan(Math.log(20));
    expect(turned.verdict).toBe("block");
  });

  test("decide falsely in at most alpha of streams, looked at after each pair", () => {
    const random = seededDraws(13);
    const verdicts = { ship: 0, block: 0, inconclusive: 0 };
    for (let stream = 0; stream < 1500; stream += 1) {
      let betting = startPairedBetting({ margin: 0.02, alpha: 0.05 });
      for (let pair = 0; pair < 500; pair += 1) {
        betting = addPair(betting, random.next() - 0.5 - 0.02);
      }
      verdicts[betting.verdict] += 1;
    }
    expect(verdicts.ship / 1500).toBeLessThanOrEqual(0.05);
    expect(verdicts.block / 1500).toBeLessThanOrEqual(0.05);
  });

  test("go on with the same numbers after they were written down and read", () => {
    fc.assert(
      fc.property(history, history, question, (before, later, given) => {
        const betting = after(before, startPairedBetting(given));
        const restored = JSON.parse(JSON.stringify(betting)) as PairedBetting;
        expect(after(later, restored)).toEqual(after(later, betting));
      }),
    );
  });

  test("refuse what cannot be", () => {
    expect(refusal(() => startPairedBetting({ margin: 1, alpha: 0.05 }))).toBe("usage");
    expect(refusal(() => startPairedBetting({ margin: 0, alpha: 0 }))).toBe("usage");
    expect(refusal(() => addPair(startPairedBetting({ margin: 0, alpha: 0.05 }), 1.5))).toBe("usage");
  });
});
