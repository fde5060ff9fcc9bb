/** Tests of the audit: what the splits share, what leaks, what the set can decide, and what traffic it covers. */
import type { EvalSetEntry } from "@colophon/kernel";
import { describe, expect, test } from "vitest";
import { type AuditedBody, auditEvalSet } from "./audit-eval-set.ts";
import { build } from "./built-eval-set.fixture.ts";
import { aDraft } from "./case-draft.fixture.ts";
import type { CaseDraft } from "./case-draft.ts";
import { evalSetPower } from "./eval-set-power.ts";
import { trafficCoverage } from "./traffic-coverage.ts";

const ENTRY: EvalSetEntry = {
  name: "triage",
  version: 1,
  hash: "0".repeat(64),
  cases: { dev: 0, test: 0 },
  owner: null,
  refreshDays: null,
  revision: 4,
  at: 0,
  made: 0,
  by: { id: "grace", via: "cli" },
};

function audit(drafts: readonly CaseDraft[], bodies: readonly AuditedBody[] = []) {
  return auditEvalSet({ entry: ENTRY, content: build(drafts), bodies, now: 0 });
}

describe("auditEvalSet", () => {
  test("finds cases of dev and test that are nearly the same, and no pairs within a split", () => {
    const text = "my invoice for March shows two charges instead of one";
    const { nearDuplicates } = audit([
      aDraft(text, { id: "one", split: "dev" }),
      aDraft(`${text} please`, { id: "two", split: "dev" }),
      aDraft(`Hello, ${text}`, { id: "three", split: "test" }),
      aDraft("the app crashes when I open it", { id: "four", split: "test" }),
    ]);
    expect(nearDuplicates.map(({ dev, test }) => [dev, test])).toEqual([
      ["one", "three"],
      ["two", "three"],
    ]);
  });

  test("finds words of variables and references in a body, and takes labels for what they are", () => {
    const body = {
      version: "support.triage@v2",
      text: "Say billing or bug.\nExample: my parcel was left in the rain by your courier → billing",
    };
    const { leaks } = audit(
      [
        aDraft("Hello, my parcel was left in the rain by your courier again", { id: "one", split: "test" }),
        aDraft("bug", { id: "two", split: "test" }),
        aDraft("where is it", {
          id: "three",
          split: "dev",
          expected: { kind: "reference", value: "Your parcel was left in the rain by your courier, sorry." },
        }),
      ],
      [body],
    );
    expect(leaks).toEqual([
      {
        case: "one",
        split: "test",
        version: body.version,
        span: "my parcel was left in the rain by your courier",
      },
      {
        case: "three",
        split: "dev",
        version: body.version,
        span: "parcel was left in the rain by your courier",
      },
    ]);
  });

  test("counts a cluster as one independent case", () => {
    const { test: size } = audit([
      aDraft("a", { cluster: "k", split: "test" }),
      aDraft("b", { cluster: "k", split: "test" }),
      aDraft("c", { split: "test" }),
    ]);
    expect(size).toEqual({ cases: 3, clusters: 2 });
  });
});

describe("evalSetPower", () => {
  test("has the table of the specification where every case stands for itself", () => {
    const needed = (margin: number) =>
      evalSetPower({ cases: 300, clusters: 300 }).find((one) => one.margin === margin);
    expect(needed(0.02)?.needed).toEqual({ passFail: 1546, graded: 348 });
    expect(needed(0.03)?.needed).toEqual({ passFail: 687, graded: 155 });
    expect(needed(0.05)).toMatchObject({
      needed: { passFail: 248, graded: 56 },
      enough: { passFail: true, graded: true },
    });
    expect(needed(0.03)?.enough).toEqual({ passFail: false, graded: true });
  });

  test("asks for as many times more cases as a cluster has", () => {
    const alone = evalSetPower({ cases: 100, clusters: 100 });
    const clustered = evalSetPower({ cases: 100, clusters: 25 });
    clustered.forEach(({ needed }, at) => {
      expect(needed.passFail / (alone[at]?.needed.passFail ?? 0)).toBeCloseTo(4, 1);
    });
  });
});

describe("trafficCoverage", () => {
  const content = build([aDraft("I was charged twice on my invoice", { split: "test" })]);
  const calls = (...tickets: readonly string[]) =>
    tickets.map((ticket, at) => ({ execution: `e${at}`, variables: { ticket } }));

  test("names the groups of calls that no case is like, and counts what stands apart", () => {
    const captured = calls(
      "charged twice, the invoice is wrong",
      "parcel lost, tracking number",
      "tracking number of the parcel",
      "parcel tracking number broken",
      "delete my account",
    );
    expect(trafficCoverage(content, captured, 9)).toEqual({
      state: "known",
      calls: 9,
      captured: 5,
      covered: 1,
      uncovered: [{ calls: 3, share: 0.6, example: "e1" }],
      scattered: 1,
    });
  });

  test("is insufficient without calls, and without captured ones", () => {
    expect(trafficCoverage(content, [], 0)).toEqual({
      state: "insufficient",
      reason: "no calls in the window",
      calls: 0,
    });
    expect(trafficCoverage(content, [], 7)).toEqual({
      state: "insufficient",
      reason: "contents not captured",
      calls: 7,
    });
  });
});
