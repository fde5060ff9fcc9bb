/** Tests how a runtime draws: for units that keep their arm, and for calls of their own. */
import type { AssignmentPlan } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { assignDraw } from "./assign.ts";
import { declarationOf, documentOf, openStage, textOf } from "./runtime.fixture.ts";

const KEY = "support.triage";
const versions = { 1: textOf("one {{ticket}}"), 2: textOf("two {{ticket}}") };
const arms = [
  { version: 1, share: 0.4 },
  { version: 2, share: 0.6 },
];

function open(more: Partial<AssignmentPlan>) {
  const plan = { rollout: "r", salt: "s", arms, control: 0, where: null, ...more };
  const release = { version: 1, model: null, inherited: null, plan };
  const document = documentOf({ [KEY]: { versions, releases: { development: release } } });
  let count = 0;
  const stage = openStage(document, { ids: { next: () => `id-${count++}` } });
  const declaration = declarationOf(KEY, versions[1]);
  const record = (context = {}) => {
    stage.runtime.resolve<{ ticket: string }>(declaration, context).record({ ticket: "T" }, () => "x");
    return stage.sink.rows.at(-1);
  };
  return { ...stage, plan, record };
}

describe("a plan that draws for units", () => {
  it("gives a unit the same arm with every call, and nobody without a unit any", () => {
    const { record } = open({});
    const draws = Array.from({ length: 5 }, () => record({ user: "ada" })?.assignment);
    expect(new Set(draws.map((one) => one?.draw)).size).toBe(1);
    expect(record()?.assignment).toBeNull();
  });
});

describe("a plan that draws for calls", () => {
  it("draws anew with every call, also without a unit, and keeps in each row what it drew", () => {
    const { record, plan } = open({ draws: "call" });
    const rows = Array.from({ length: 200 }, (_, index) => record(index % 2 === 0 ? { user: "ada" } : {}));
    expect(new Set(rows.map((row) => row?.assignment?.draw)).size).toBe(200);
    for (const row of rows) {
      const again = assignDraw(plan, row?.assignment?.draw ?? Number.NaN);
      expect([row?.version, row?.assignment]).toEqual([again.version, again.assignment]);
    }
    const served = rows.filter((row) => row?.version === 2).length;
    // Five standard deviations of a binomial are under 35 here.
    expect(Math.abs(served - 120)).toBeLessThan(35);
  });
});

describe("an arm that is the live version", () => {
  it("is the control that the others are compared with", () => {
    const { record } = open({ draws: "call" });
    const rows = Array.from({ length: 50 }, () => record());
    const seen = new Set(
      rows.map((row) => `v${row?.version} ${row?.lane} ${row?.reason} ${row?.assignment?.probability}`),
    );
    expect([...seen].sort()).toEqual(["v1 control control 0.4", "v2 canary canary 0.6"]);
  });
});
