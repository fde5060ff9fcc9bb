/** Tests of what counts of a review at a time. */
import { describe, expect, it } from "vitest";
import type { ReviewFinding, ReviewSeverity, ReviewSuppression } from "./records/later-records.ts";
import { openFindings, suppressionOf } from "./review-findings.ts";

function finding(id: string, severity: ReviewSeverity, rule = "secret"): ReviewFinding {
  return { id, rule, severity, place: "body", message: "There is one.", advice: "Take it out." };
}

function accepted(of: string, expires: number | null = null): ReviewSuppression {
  return { of, reason: "known", expires };
}

const FINDINGS = [finding("a", "high"), finding("b", "medium", "url"), finding("c", "low", "url")];

describe("the open findings of a review", () => {
  it("are those that are grave enough", () => {
    const review = { findings: FINDINGS, suppressions: [] };
    const idsFrom = (least: ReviewSeverity) => openFindings(review, { now: 0, least }).map(({ id }) => id);
    expect([idsFrom("high"), idsFrom("medium"), idsFrom("low")]).toEqual([
      ["a"],
      ["a", "b"],
      ["a", "b", "c"],
    ]);
  });

  it("are without those that somebody has accepted, by their id or by their rule", () => {
    const review = { findings: FINDINGS, suppressions: [accepted("a"), accepted("url")] };
    expect(openFindings(review, { now: 0, least: "low" })).toEqual([]);
  });

  it("have those again whose suppression has expired", () => {
    const review = { findings: FINDINGS, suppressions: [accepted("a", 1_000)] };
    const openAt = (now: number) => openFindings(review, { now, least: "high" }).map(({ id }) => id);
    expect([openAt(999), openAt(1_000)]).toEqual([[], ["a"]]);
  });

  it("hold to the suppression that still counts where another one has expired", () => {
    const lasting = accepted("secret", 2_000);
    const review = { suppressions: [accepted("a", 500), lasting] };
    expect(suppressionOf(review, finding("a", "high"), 1_000)).toEqual(lasting);
  });
});
