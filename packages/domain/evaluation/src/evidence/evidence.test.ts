/** Tests of anchors, looks at the test split, and of what a verdict reveals of it. */
import type { EvidenceData, RunData } from "@colophon/kernel";
import { expect, test } from "vitest";
import { decideGate } from "../gate/decide-gate.ts";
import type { ScoreLine } from "../score-line.ts";
import { findAnchor } from "./find-anchor.ts";
import { revealVerdict } from "./reveal-verdict.ts";
import { testLooks } from "./test-looks.ts";

function evidence(
  challenger: string,
  baseline: string | null,
  more: Partial<EvidenceData> = {},
): EvidenceData {
  const difference = { value: 0, lower: -0.01, upper: 0.01, samples: 100 };
  const base = { challenger, baseline, verdict: "ship", difference, anchor: null, anchorDifference: null };
  return { ...base, ...more } as EvidenceData;
}

const better = { value: 0.05, lower: 0.02, upper: 0.08, samples: 100 };
const served = () => true;

test("the first accepted version stays the anchor while others are merely not worse", () => {
  const chain = [evidence("v1", null), evidence("v2", "v1"), evidence("v3", "v2", { anchor: "v1" })];
  expect(findAnchor({ evidence: chain, served })).toBe("v1");
});

test("a version that is shown to be better than the anchor takes its place", () => {
  const direct = [evidence("v1", null), evidence("v2", "v1", { difference: better })];
  expect(findAnchor({ evidence: direct, served })).toBe("v2");
  const over = [
    evidence("v1", null),
    evidence("v2", "v1"),
    evidence("v3", "v2", { anchor: "v1", anchorDifference: better }),
  ];
  expect(findAnchor({ evidence: over, served })).toBe("v3");
  // Better than a live version that is not the anchor says nothing of the anchor.
  const aside = [evidence("v1", null), evidence("v2", "v1"), evidence("v3", "v2", { difference: better })];
  expect(findAnchor({ evidence: aside, served })).toBe("v1");
});

test("what was blocked, or never let out, is no anchor; what was live before the first gate is", () => {
  const blocked = [evidence("v2", "v1", { verdict: "block", difference: better })];
  expect(findAnchor({ evidence: blocked, served })).toBe("v1");
  const kept = [evidence("v1", null), evidence("v2", "v1", { difference: better })];
  expect(findAnchor({ evidence: kept, served: (subject) => subject === "v1" })).toBe("v1");
  expect(findAnchor({ evidence: [], served })).toBeNull();
});

function runOf(together: string, value: number, more: Partial<RunData> = {}): RunData {
  const scores = { score: { value, lower: null, upper: null, samples: 50 } };
  const evalSet = { name: "set", version: 1, hash: "h", split: "test" };
  const model = { provider: "openai", id: "gpt-5-mini" };
  return { key: "k", side: "challenger", model, together, evalSet, scores, ...more } as RunData;
}

test("a question counts as one look, however often it is put or gone on with", () => {
  const model = { provider: "openai", id: "gpt-5-mini" };
  const asked = { key: "k", model, evalSet: { name: "set", version: 1 }, together: "b" };
  const runs = [
    runOf("a", 0.7),
    runOf("a", 0.7, { side: "baseline" }),
    runOf("b", 0.8),
    runOf("b", 0.8),
    runOf("c", 0.6, { evalSet: { name: "set", version: 1, hash: "h", split: "dev" } }),
    runOf("d", 0.9, { evalSet: { name: "set", version: 2, hash: "g", split: "test" } }),
    runOf("e", 0.9, { key: "other" }),
    runOf("f", 0.9, { model: { provider: "openai", id: "gpt-5" } }),
  ];
  expect(testLooks(runs, asked)).toEqual({ looks: 2, ladder: { best: 0.8 }, again: true });
  expect(testLooks(runs, { ...asked, together: "g" }).again).toBe(false);
});

test("a verdict tells a mean in steps, and only where it is the best so far", () => {
  const lines = (hits: number): readonly ScoreLine[] =>
    Array.from({ length: 97 }, (_, at) => ({
      case: `c${at}`,
      cluster: null,
      repeat: 0,
      score: Number(at < hits),
      slice: [],
    }));
  const verdict = decideGate({ baseline: lines(70), challenger: lines(80) });
  const first = revealVerdict(verdict, { best: null });
  expect(first.means).toEqual({ baseline: 0.72, challenger: 0.825 });
  expect(first.difference).toBe(0.103);
  expect(first.verdict).toBe(verdict.verdict);
  expect(revealVerdict(verdict, { best: 0.9 }).means).toEqual({ baseline: null, challenger: null });
});
