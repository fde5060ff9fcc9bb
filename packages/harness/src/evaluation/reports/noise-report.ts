/** Brings an A/A run into the form of a report. */
import type { NoiseAnswer } from "../runs/measure-version-noise.ts";
import { type Report, reportTable, signedPoints } from "./report.ts";

/**
 * An A/A run.
 *
 * @example
 * import { measureVersionNoise, renderReport } from "@colophon/harness";
 * const request = { key: "support.triage", version: 7, environment: "development" };
 * const answer = await measureVersionNoise(harness, request, parts);
 * console.log(renderReport(noiseReport(answer), { format: "table", answer }));
 */
export function noiseReport(answer: NoiseAnswer): Report {
  const { key, version, set, split, model, noise, end, notes } = answer;
  const title = `${key}@v${version} against itself on ${set}, ${split} split`;
  const asked = [{ name: "model", value: `${model.provider}/${model.id}` }];
  if (noise === null) {
    const reasons = ["No case has a score on both sides.", ...notes];
    const checks = [{ name: "noise", state: "error", message: reasons[0] ?? "" } as const];
    return { title, state: "invalid", facts: asked, reasons, tables: [], pictures: [], checks };
  }
  const { comparison, biased, deviation, moved, withinCases, casesFor } = noise;
  const { difference, lower, upper, cases } = comparison;
  const said = biased
    ? "Two passes of the same version differ by more than chance: something beside the version changes between them."
    : "Two passes of the same version do not differ by more than chance.";
  return {
    title,
    state: end.kind === "complete" ? "done" : "unfinished",
    facts: [
      ...asked,
      {
        name: "difference",
        value: `${signedPoints(difference)} points (${signedPoints(lower)} to ${signedPoints(upper)})`,
      },
      { name: "cases", value: String(cases) },
      { name: "cases that moved", value: `${(100 * moved).toFixed(1)} %` },
      { name: "deviation of a case's difference", value: deviation.toFixed(3) },
      {
        name: "variance within a case",
        value: withinCases === null ? "unknown without repeats" : withinCases.toFixed(4),
      },
    ],
    reasons: [said, ...notes],
    tables: [
      reportTable(
        "Cases that a margin needs, with a power of 80 %",
        [
          { title: "margin", align: "right" },
          { title: "cases", align: "right" },
        ],
        casesFor.map(({ margin, cases: needed }) => [`${(100 * margin).toFixed(0)} points`, String(needed)]),
      ),
    ],
    pictures: [
      {
        kind: "intervals",
        title: "Difference of two passes with its interval",
        limit: null,
        rows: [{ name: "second less first", value: difference, lower, upper }],
      },
    ],
    checks: [{ name: "noise", state: biased ? "failed" : "passed", message: said }],
  };
}
