/** Holds what a report comes down to: the gravest of it, and never a pass for what nobody has judged. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { branchOutcome } from "./branch-outcome.ts";
import type { BranchGate, BranchPrompt, BranchReport } from "./branch-report.ts";

const LIMITS = { failOn: "high", requireGate: false } as const;

function verdict(said: "ship" | "block" | "inconclusive" | "invalid"): BranchGate {
  // Only the verdict and its reason count here.
  return { state: "judged", verdict: said, why: "because", answer: {} as never };
}

const GATES = {
  unavailable: { state: "error", code: "store-busy", why: "busy" },
  refused: { state: "error", code: "usage", why: "nobody knows" },
  block: verdict("block"),
  invalid: verdict("invalid"),
  inconclusive: verdict("inconclusive"),
  "not-judged": { state: "not-judged", why: "no eval set" },
  ship: verdict("ship"),
  "nothing-to-judge": { state: "nothing-to-judge", why: "it is gone" },
} as const satisfies Readonly<Record<string, BranchGate>>;
const STATES = Object.keys(GATES) as (keyof typeof GATES)[];

function prompt(gate: BranchGate, fields: Partial<BranchPrompt> = {}): BranchPrompt {
  const nothing = { file: null, problem: null, comparison: null, review: null, notes: [] };
  return { key: "support.triage", change: "changed", gate, ...nothing, ...fields };
}

function report(prompts: readonly BranchPrompt[], fields: Partial<BranchReport> = {}): BranchReport {
  const place = { base: "main", commit: "c", prefix: "", environment: "production", store: null };
  return { ...place, prompts, cells: [], checks: [], notes: [], ...fields };
}

describe("branchOutcome", () => {
  test("is the gravest of all prompts, in whatever order they come", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STATES), { minLength: 1 }), (states) => {
        const { state, reasons } = branchOutcome(report(states.map((one) => prompt(GATES[one]))), LIMITS);
        expect(state).toBe(STATES.find((one) => states.includes(one)));
        const told = states.filter((one) => one !== "ship" && one !== "nothing-to-judge");
        expect(reasons).toHaveLength(told.length);
      }),
    );
  });

  test("is no ship where nothing was judged, and invalid where the gate is required", () => {
    const open = report([prompt(GATES["not-judged"]), prompt(GATES.ship)]);
    expect(branchOutcome(open, LIMITS).state).toBe("not-judged");
    expect(branchOutcome(open, { ...LIMITS, requireGate: true }).state).toBe("invalid");
    expect(branchOutcome(report([]), { ...LIMITS, requireGate: true }).state).toBe("nothing-to-judge");
  });

  test("blocks on a file that cannot be read, on a failed check, and on findings from the limit on", () => {
    const broken = prompt(GATES["not-judged"], { problem: "prompts/a.prompt:3 is wrong." });
    expect(branchOutcome(report([broken]), LIMITS).reasons).toEqual([
      { state: "block", text: "prompts/a.prompt:3 is wrong." },
    ]);
    const check = { name: "colophon.lock", state: "failed", message: "The lock is torn." } as const;
    expect(branchOutcome(report([], { checks: [check] }), LIMITS).state).toBe("block");
    const unknown = { ...check, state: "unknown" } as const;
    expect(branchOutcome(report([], { checks: [unknown] }), LIMITS).state).toBe("nothing-to-judge");
    const finding = { id: "i", rule: "r", severity: "medium", place: "body", line: null } as const;
    const said = { ...finding, message: "m", advice: "a", accepted: null };
    const accepted = { ...said, severity: "high", accepted: { reason: "known", expires: null } } as const;
    const review = { findings: [said, accepted] } as never;
    const found = report([prompt(GATES.ship, { review })]);
    expect(branchOutcome(found, LIMITS).state).toBe("ship");
    expect(branchOutcome(found, { ...LIMITS, failOn: "medium" }).reasons).toEqual([
      { state: "block", text: "support.triage: the review has found 1 medium." },
    ]);
  });
});
