/** Tests of what a row says of the arm that served it: by what chance, as which unit, and how it went. */
import type { Execution, Outcome } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { type ArmQuestion, type DrawnShares, observeArm } from "./observe-arm.ts";

const ROW = {
  id: "e1",
  version: 2,
  at: 5,
  revision: 7,
  status: "ok",
  latency: 900,
  assignment: { salt: "s", draw: 0.03, probability: 0.1 },
} as unknown as Execution;

function shares(fields: Partial<DrawnShares> = {}): DrawnShares {
  return {
    salt: "s",
    arms: [{ version: 2, share: 0.1 }],
    baseline: 1,
    draws: "unit",
    revision: 6,
    ...fields,
  };
}

function observe(
  row: Partial<Execution>,
  more: Partial<ArmQuestion> = {},
  outcomes: readonly Outcome[] = [],
) {
  const question = { metrics: ["latency", "thumbsDown"], shares: [shares()], costOf: () => null, ...more };
  return observeArm({ ...ROW, ...row } as Execution, outcomes, question);
}

describe("observeArm", () => {
  it("gives a challenger its own share, and the live version all the rest, whatever the lane's", () => {
    expect(observe({})).toMatchObject({ version: 2, probability: 0.1, unit: "s:0.03", at: 5 });
    for (const lane of ["live", "control"] as const) {
      expect(observe({ version: 1, lane })?.probability).toBeCloseTo(0.9, 12);
    }
    const arms = [
      { version: 1, share: 0.2 },
      { version: 2, share: 0.3 },
      { version: 3, share: 0.5 },
    ];
    const all = { shares: [shares({ arms })] };
    const given = [1, 2, 3].map((version) => observe({ version }, all)?.probability);
    expect(given.map((share) => Number(share?.toFixed(12)))).toEqual([0.2, 0.3, 0.5]);
  });

  it("reads the shares that were in force in the row's snapshot", () => {
    const grown = shares({ arms: [{ version: 2, share: 0.5 }], revision: 8 });
    expect(observe({}, { shares: [shares(), grown] })?.probability).toBe(0.1);
    expect(observe({ revision: 8 }, { shares: [shares(), grown] })?.probability).toBe(0.5);
    expect(observe({ revision: 5 })?.probability).toBeNull();
  });

  it("has no chance to give where no draw chose the version", () => {
    expect(observe({ assignment: null })).toMatchObject({ probability: null, unit: null });
    expect(observe({ version: 9 })?.probability).toBeNull();
    expect(observe({ assignment: { salt: "other", draw: 0.1, probability: 1 } })?.probability).toBeNull();
    expect(observe({ version: null })).toBeNull();
  });

  it("counts calls that were drawn anew one by one", () => {
    expect(observe({}, { shares: [shares({ draws: "call" })] })?.unit).toBeNull();
  });

  it("reads what the row and its outcomes say, each with its time", () => {
    const outcome = { name: "thumbs", value: false, source: "user", at: 99 } as Outcome;
    expect(observe({}, {}, [outcome])?.readings).toEqual([
      { metric: "latency", value: 900, at: 5 },
      { metric: "thumbsDown", value: 1, at: 99 },
    ]);
  });
});
