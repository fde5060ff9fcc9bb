/** Tests the claims of the gate's statistics on a part of the tables, with a fixed seed. */
import { beforeAll, describe, expect, test } from "vitest";
import { type ClaimTable, printClaim } from "./claim-table.ts";
import { measureClaims } from "./measure-claims.ts";
import { chanceToPass } from "./pass-or-fail-pairs.ts";
import { FAST } from "./scale.ts";

describe("the statistics of the gate", () => {
  let tables: readonly ClaimTable[] = [];

  beforeAll(() => {
    tables = [...measureClaims(FAST)];
  }, 120_000);

  test.each([
    ["False passes, pass or fail, one repeat", 20],
    ["False passes, scores", 6],
    ["False passes, clusters", 3],
    ["Power for an equal challenger, at the sizes of the table", 5],
    ["The plain ratchet beside the gate", 5],
    ["Losses within the margin, one gate after another", 3],
  ])("bear out %s in every one of %d cells or more", (title, cells) => {
    const table = tables.find((one) => one.title === title);
    expect(table?.rows.length).toBeGreaterThanOrEqual(cells);
    expect(table?.rows.filter(({ holds }) => !holds)).toEqual([]);
  });

  test("beside the ratchet hold the figures of the specification", () => {
    const rows = tables.find(({ title }) => title.startsWith("The plain ratchet"))?.rows ?? [];
    const passed = rows
      .slice(0, 3)
      .map(({ shares }) => Math.round(100 * (shares["passes a loss of 3 points"] ?? 0)));
    expect(passed).toEqual([33, 21, 11]);
    const rejected = rows.map(({ shares }) => shares["rejects an equal one"] ?? 0);
    for (const share of rejected) {
      expect(share).toBeGreaterThan(0.4);
      expect(share).toBeLessThan(0.48);
    }
  });
});

describe("chanceToPass", () => {
  test("is all there is for a rule that passes everything, and nothing for one that passes nothing", () => {
    const chances = { pairs: 60, change: -0.03, differing: 0.1 };
    expect(chanceToPass(chances, () => true)).toBeCloseTo(1, 6);
    expect(chanceToPass(chances, () => false)).toBeLessThan(1e-6);
  });

  test("is that of a sign where only the sign is asked for", () => {
    // Two pairs that always differ: a win, a draw of one each, and a loss.
    const chances = { pairs: 2, change: 0, differing: 1 };
    expect(chanceToPass(chances, (wins, losses) => wins > losses)).toBeCloseTo(0.25, 9);
    expect(chanceToPass(chances, (wins, losses) => wins >= losses)).toBeCloseTo(0.75, 9);
  });
});

describe("printClaim", () => {
  test("marks the rows that break the claim", () => {
    const rows = [
      { cell: "small", shares: { gate: 0.04 }, holds: true },
      { cell: "large", shares: { gate: 0.4 }, holds: false },
    ];
    const said = printClaim({ title: "T", claim: "at most 5 %", method: "M", rows });
    expect(said).toMatch(/large +40\.0 % +✗/);
    expect(said).toContain("at most 5 %: DOES NOT HOLD.");
  });
});
