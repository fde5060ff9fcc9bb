/** Tests the claims of the guards' statistics on shorter and fewer streams, with a fixed seed. */

import { seededDraws } from "@colophon/methods";
import { beforeAll, describe, expect, test } from "vitest";
import { figure } from "../figure.ts";
import { visitBadUnits } from "./bad-units.ts";
import { beside, figuresOf, type GuardTable, holds, printTable, shareWithin } from "./guard-table.ts";
import { measureGuards } from "./measure-guards.ts";
import { FAST } from "./scale.ts";
import { challengerRequests, rampShare, trafficKinds } from "./traffic.ts";

describe("the statistics of the guards", () => {
  let tables: readonly GuardTable[] = [];

  beforeAll(() => {
    tables = [...measureGuards(FAST)];
  }, 300_000);

  test.each([
    ["Bad units, false alarms", 12],
    ["Bad units, requests to rollback", 27],
    ["Bad units, requests to promotion", 8],
    ["Bad units, heavy users", 1],
    ["Scores, false alarms", 18],
    ["Scores that drift for long, false rollbacks", 4],
    ["Scores, requests to rollback", 18],
    ["Long tails, false alarms", 12],
    ["Long tails, challenger requests to a decision", 6],
    ["A p95 of latency, frozen", 4],
    ["The standing guard, requests until it fires", 5],
    ["Shadow pairs, blocks", 8],
    ["Shadow pairs, ships", 6],
    ["Sample-ratio mismatch", 5],
  ])("bear out %s in each of %d rows", (title, rows) => {
    const table = tables.find((one) => one.title === title);
    expect(table?.rows).toHaveLength(rows);
    expect(table?.rows.filter((row) => !holds(row))).toEqual([]);
  });

  test("are called by no other name, and name each figure once", () => {
    const names = tables.flatMap(figuresOf).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(tables).toHaveLength(14);
  });

  test("are needed: a naive test alarms falsely many times as often as it says", () => {
    const table = tables.find(({ title }) => title === "Bad units, false alarms");
    const naive = (table?.rows ?? []).flatMap(({ figures }) =>
      figures.flatMap((one) => (one?.name === "naive z-test" ? [one.value] : [])),
    );
    expect(naive).toHaveLength(6);
    for (const share of naive) expect(share).toBeGreaterThan(5);
  });
});

describe("a table of guards", () => {
  test("marks the rows that break the claim", () => {
    const claimed = { level: 0.01, streams: 1_000_000 };
    const rows = [
      { cell: "sound", figures: [shareWithin("false", 0.01, claimed), null] },
      { cell: "broken", figures: [shareWithin("false", 0.02, claimed), figure("requests", 12, "requests")] },
    ];
    const said = printTable({ title: "T", method: "M", claim: "at most 1 %", rows });
    expect(said).toMatch(/sound +1\.0 %\n/);
    expect(said).toMatch(/broken +2\.0 % +12 +✗/);
    expect(said).toContain("at most 1 %: DOES NOT HOLD.");
  });

  test("lets a median exceed the specified one by a fifth, and none at all be late for ever", () => {
    expect(beside(figure("median", 120, "requests"), 100)[0]?.ok).toBe(true);
    expect(beside(figure("median", 121, "requests"), 100)[0]?.ok).toBe(false);
    expect(beside(figure("median", Number.POSITIVE_INFINITY, "requests"), 100)[0]?.ok).toBe(false);
    expect(beside(figure("median", 500, "requests"), null)[0]?.ok).toBeNull();
  });
});

describe("the simulated traffic", () => {
  test("sends each arm its share of bad units, at its rate", () => {
    const traffic = trafficKinds(400_000)[0] ?? expect.fail();
    const bad = { challenger: 0, control: 0 };
    visitBadUnits({ traffic, rates: { base: 0.02, ratio: 2 } }, seededDraws(1), ({ arm }) => {
      bad[arm] += 1;
      return false;
    });
    // 5 % of 400,000 at 4 %, and 95 % at 2 %: 800 and 7,600, within four deviations.
    expect(Math.abs(bad.challenger - 800)).toBeLessThan(115);
    expect(Math.abs(bad.control - 7600)).toBeLessThan(350);
  });

  test("ramps from 1 to 50 %, and counts the challenger's requests along it", () => {
    const ramp = trafficKinds(6000)[4] ?? expect.fail();
    expect([rampShare(0), rampShare(0.999)]).toEqual([0.01, 0.5]);
    expect(challengerRequests(ramp, 1000)).toBeCloseTo(10, 6);
    expect(challengerRequests(ramp, 6000)).toBeCloseTo(1000 * 0.93, 6);
  });
});
