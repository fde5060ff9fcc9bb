/** Tests of what a review says in the end: severities, what is accepted, and who may accept it. */
import { openFindings, type ReviewData, type ReviewFinding, type ReviewSuppression } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finding } from "./review.fixture.ts";
import { compilePolicy, type ReviewPolicy } from "./review-policy.ts";
import { type FindingsToSettle, settleFindings } from "./settle-findings.ts";

const NOW = Date.parse("2026-06-01");
const HIGH = finding("a".repeat(16), "high");
const LOW = finding("b".repeat(16), "low", "floating-model");

function reviewOf(
  findings: readonly ReviewFinding[],
  suppressions: readonly ReviewSuppression[] = [],
): ReviewData {
  const none = { rules: 1, policy: null, judge: null };
  return { id: "w1", key: "support.triage", version: 1, hash: "h", ...none, findings, suppressions };
}

function settle(policy: ReviewPolicy | null, more: Partial<FindingsToSettle> = {}) {
  const asked = {
    key: "support.triage",
    findings: [LOW, HIGH],
    policy: policy === null ? null : compilePolicy(policy),
    previous: null,
    mayAccept: true,
    now: NOW,
    ...more,
  };
  const settled = settleFindings(asked);
  return { ...settled, open: openFindings(settled, { now: NOW, least: "low" }).map(({ rule }) => rule) };
}

const accepting = (of: string, more = {}): ReviewPolicy => ({ suppress: [{ of, reason: "known", ...more }] });

describe("Who may accept", () => {
  it.each([
    ["by its id", accepting(HIGH.id)],
    ["by its rule", accepting("secret")],
    ["for prompts of a glob", accepting("secret", { key: "support.*" })],
    ["until a day", accepting("secret", { expires: "2026-06-02" })],
    ["by switching the rule off", { rules: { secret: { off: true, reason: "known" } } } as const],
  ])("accepts a finding %s", (_how, policy) => {
    expect(settle(policy)).toMatchObject({ open: ["floating-model"], accepts: true, withheld: [] });
  });

  it.each([
    ["of another prompt", accepting("secret", { key: "sales.*" }), []],
    ["that is over", accepting("secret", { expires: "2026-05-31" }), ["secret, accepted until 2026-05-31"]],
  ])("does not by a suppression %s", (_what, policy, expired) => {
    expect(settle(policy)).toMatchObject({ open: ["secret", "floating-model"], accepts: false, expired });
  });

  it("gives a rule another severity", () => {
    const { findings } = settle({ rules: { "floating-model": "high", secret: "low" } });
    expect(findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual([
      "floating-model high",
      "secret low",
    ]);
  });

  it("is told of suppressions that nothing was found for, of those that name the prompt", () => {
    const policy = {
      suppress: [
        { of: "x", key: "support.*", reason: "r" },
        { of: "y", reason: "r" },
      ],
    };
    expect(settle(policy).unused).toEqual(["x"]);
  });

  it("takes nothing over from before: what the policy says no more is open again", () => {
    const previous = reviewOf([HIGH], [{ of: HIGH.id, reason: "known", expires: null }]);
    expect(settle({}, { previous }).open).toEqual(["secret", "floating-model"]);
  });
});

describe("Who may not", () => {
  const mine = { mayAccept: false };

  it.each([
    ["a suppression", accepting("secret"), "the suppression of secret"],
    [
      "a rule that is off",
      { rules: { secret: { off: true, reason: "known" } } } as const,
      "the suppression of secret",
    ],
    ["a lower severity", { rules: { secret: "low" } } as const, "the lower severity of secret"],
  ])("accepts no high finding by %s", (_how, policy, words) => {
    const settled = settle(policy, mine);
    expect(settled).toMatchObject({ open: ["secret", "floating-model"], accepts: true, withheld: [words] });
    expect(settled.findings[0]?.severity).toBe("high");
  });

  it("accepts what is not high, and may make more of it", () => {
    expect(settle(accepting("floating-model"), mine).open).toEqual(["secret"]);
    expect(settle({ rules: { "floating-model": "high" } }, mine).findings[0]?.severity).toBe("high");
  });

  it("keeps what others accepted of the same text, by id and by rule, while it is in force", () => {
    const before = (of: string, expires: number | null = null) => ({
      ...mine,
      previous: reviewOf([HIGH], [{ of, reason: "known", expires }]),
    });
    expect(settle(null, before(HIGH.id)).open).toEqual(["floating-model"]);
    expect(settle(null, before("secret")).open).toEqual(["floating-model"]);
    expect(settle(null, before(HIGH.id, NOW)).open).toEqual(["secret", "floating-model"]);
  });

  it("keeps of another text what was accepted by its id alone", () => {
    const relative = (of: string) => ({
      ...mine,
      relative: reviewOf([HIGH], [{ of, reason: "known", expires: null }]),
    });
    expect(settle(null, relative(HIGH.id)).open).toEqual(["floating-model"]);
    expect(settle(null, relative("secret")).open).toEqual(["secret", "floating-model"]);
  });

  it("gains nothing from having accepted it when it was less grave", () => {
    const mild = { ...HIGH, severity: "medium" } as const;
    const previous = reviewOf([mild], [{ of: HIGH.id, reason: "mine", expires: null }]);
    expect(settle(null, { ...mine, previous, relative: previous }).open).toEqual([
      "secret",
      "floating-model",
    ]);
  });

  it("cannot be rid of what a policy or a judge has found by asking without them", () => {
    const [own, judged] = [
      finding("c".repeat(16), "high", "policy/own"),
      finding("d".repeat(16), "high", "judge/harm"),
    ];
    const previous = reviewOf([own, judged, HIGH]);
    expect(settle(null, { ...mine, findings: [], previous }).open).toEqual(["policy/own", "judge/harm"]);
    expect(settle(null, { findings: [], previous }).open).toEqual([]);
  });

  it("never makes a high finding anything else, whatever the policy and the reviews before say", () => {
    const rules = ["secret", "floating-model", "policy/own"];
    const some = fc.array(
      fc.record({
        id: fc.constantFrom("1", "2", "3"),
        rule: fc.constantFrom(...rules),
        severity: fc.constantFrom("high" as const, "medium" as const, "low" as const),
      }),
      { maxLength: 4 },
    );
    const suppressions = fc.array(
      fc.record({
        of: fc.constantFrom("1", "2", "3", ...rules),
        reason: fc.constant("mine"),
        expires: fc.constantFrom(null, NOW - 1, NOW + 1),
      }),
      { maxLength: 3 },
    );
    const severities = fc.dictionary(
      fc.constantFrom("secret", "floating-model"),
      fc.constantFrom("high" as const, "low" as const),
    );
    let opened = 0;
    fc.assert(
      fc.property(some, suppressions, severities, (written, suppress, rulesSet) => {
        const findings = [
          ...new Map(written.map((one) => [one.id, { ...finding(one.id, one.severity, one.rule) }])).values(),
        ];
        const policy = compilePolicy({
          rules: rulesSet,
          suppress: suppress.map(({ of, reason, expires }) => ({
            ...{ of, reason },
            ...(expires === null ? {} : { expires: new Date(expires).toISOString() }),
          })),
        });
        // By one who may not, twice: the first review must be no step to the second.
        const one = settleFindings({
          key: "k",
          findings,
          policy,
          previous: null,
          mayAccept: false,
          now: NOW,
        });
        const previous = reviewOf(one.findings, one.suppressions);
        const two = settleFindings({
          key: "k",
          findings,
          policy,
          previous,
          relative: previous,
          mayAccept: false,
          now: NOW,
        });
        for (const settled of [one, two]) {
          const open = new Set(openFindings(settled, { now: NOW, least: "high" }).map(({ id }) => id));
          for (const { id, severity } of findings) {
            if (severity !== "high") continue;
            expect(open.has(id)).toBe(true);
            opened += 1;
          }
        }
      }),
      { numRuns: 400, seed: 11 },
    );
    expect(opened).toBeGreaterThan(300);
  });
});
