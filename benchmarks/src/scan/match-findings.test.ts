/** Tests that the bench counts what a scan finds and loses as people would. */
import { describe, expect, test } from "vitest";
import type { Label, Place } from "./label.ts";
import { matchFindings } from "./match-findings.ts";
import { agreements, scoreOf, scoresBy } from "./scan-score.ts";

const at = (line: number, endLine = line, file = "a.ts"): Place => ({ file, line, endLine });
const label = (place: Place, more: Partial<Label> = {}): Label => ({ ...place, ...more });

const LABELS = [
  label(at(1, 4), { shape: "const" }),
  label(at(10), { shape: "literal" }),
  label(at(20, 29), { shape: "literal" }),
];
const PERFECT = [at(1, 4), at(10), at(20, 29)];
const score = (labels: readonly Label[], findings: readonly Place[]) =>
  scoreOf([matchFindings(labels, findings)]);

describe("the bench of the scan", () => {
  test("gives a scan that finds just what is labelled the full marks", () => {
    expect(score(LABELS, PERFECT)).toEqual({ labels: 3, found: 3, extra: 0, precision: 1, recall: 1 });
  });

  test("lowers precision alone for a finding where nothing is labelled", () => {
    for (const wrong of [at(40), at(5, 9), at(10, 10, "b.ts")]) {
      const { precision, recall } = score(LABELS, [...PERFECT, wrong]);
      expect(precision).toBe(3 / 4);
      expect(recall).toBe(1);
    }
  });

  test("lowers recall alone for a prompt that is lost", () => {
    const { precision, recall } = score(LABELS, PERFECT.slice(1));
    expect(precision).toBe(1);
    expect(recall).toBeCloseTo(2 / 3, 12);
  });

  test("counts a second finding for the same label as one too many", () => {
    const { found, extra } = score(LABELS, [...PERFECT, at(22)]);
    expect([found, extra]).toEqual([3, 1]);
  });

  test("gives one finding to one label alone, even where it covers two", () => {
    expect(score([label(at(1)), label(at(2))], [at(1, 2)])).toMatchObject({
      found: 1,
      precision: 1,
      recall: 0.5,
    });
  });

  test("matches as many as can be matched, whatever the order", () => {
    const labels = [label(at(1, 2)), label(at(2, 3)), label(at(3, 9))];
    const findings = [at(2, 3), at(1, 2), at(3)];
    for (const given of [findings, findings.toReversed()]) {
      expect(score(labels, given)).toMatchObject({ found: 3, extra: 0 });
    }
  });

  test("neither asks for optional texts nor holds them against the scan", () => {
    const labels = [...LABELS, label(at(50), { optional: true })];
    expect(score(labels, PERFECT)).toEqual(score(LABELS, PERFECT));
    expect(score(labels, [...PERFECT, at(50)])).toEqual(score(LABELS, PERFECT));
  });

  test("accepts a text in the other place where it may be reported, once and beside the first", () => {
    const labels = [label(at(1), { elsewhere: [at(7, 8, "b.ts")] })];
    expect(score(labels, [at(8, 8, "b.ts")])).toMatchObject({ found: 1, extra: 0 });
    expect(score(labels, [at(1), at(7, 8, "b.ts")])).toMatchObject({ found: 1, extra: 0 });
    expect(score(labels, [at(7, 8)])).toMatchObject({ found: 0, extra: 1 });
  });

  test("says that there is no precision without findings and no recall without labels", () => {
    expect(score(LABELS, []).precision).toBeNull();
    expect(score([], [at(1)])).toMatchObject({ precision: 0, recall: null });
  });

  test("cuts scores into parts that add up", () => {
    const matchings = [matchFindings(LABELS, [at(1, 4), at(10), at(40)])];
    const parts = scoresBy(matchings, {
      ofLabel: ({ shape }) => shape ?? "none",
      ofExtra: () => "none",
    });
    expect([...parts].map(([name, { found, labels, extra }]) => [name, found, labels, extra])).toEqual([
      ["const", 1, 1, 0],
      ["literal", 1, 2, 0],
      ["none", 0, 0, 1],
    ]);
  });

  test("compares only the facts that a label states, and clients by their first step", () => {
    const finding = { ...at(10), role: "user", client: "openai.responses", model: null, placeholders: [1] };
    const matched = (more: Partial<Label>) => [{ label: label(at(10), more), finding }];
    expect(agreements(matched({}))).toEqual({
      role: { stated: 0, agreed: 0 },
      client: { stated: 0, agreed: 0 },
      model: { stated: 0, agreed: 0 },
      placeholders: { stated: 0, agreed: 0 },
    });
    const said = { role: "system", client: "openai.chat", model: "m-1", placeholders: 1 } as const;
    expect(agreements(matched(said))).toEqual({
      role: { stated: 1, agreed: 0 },
      client: { stated: 1, agreed: 1 },
      model: { stated: 1, agreed: 0 },
      placeholders: { stated: 1, agreed: 1 },
    });
  });
});
