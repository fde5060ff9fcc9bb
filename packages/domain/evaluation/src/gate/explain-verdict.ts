/** Says in words why a verdict is what it is. */
import type { Verdict } from "@colophon/kernel";
import type { EvidenceGaps } from "./find-gaps.ts";
import type { GateRules } from "./gate-options.ts";
import type { GateComparison, GuardVerdict, SliceVerdict, Veto } from "./gate-verdict.ts";
import { comparisonSentence, guardFigure, guardWords, points } from "./say-figures.ts";

/** Everything that has been found. */
export interface Findings {
  readonly verdict: Verdict;
  readonly rules: GateRules;
  readonly trouble: readonly string[];
  readonly vetoes: readonly Veto[];
  /** Null without pairs. */
  readonly live: GateComparison | null;
  readonly anchor: GateComparison | null;
  readonly slices: readonly SliceVerdict[];
  readonly guards: readonly GuardVerdict[];
  readonly errors: number;
  readonly gaps: EvidenceGaps;
  readonly casesNeeded: number | null;
  readonly repeatsNeeded: number | null;
}

/** The weightiest first. */
export function explainVerdict(findings: Findings): readonly string[] {
  const { trouble, vetoes, live, anchor, errors } = findings;
  return [
    ...trouble,
    ...vetoes.map(({ text }) => text),
    ...(live === null ? [] : qualityReasons(findings, live, "the baseline")),
    ...(anchor === null ? [] : qualityReasons(findings, anchor, "the anchor")),
    ...(live === null ? [] : strictReasons(findings, live)),
    ...gapReasons(findings.gaps),
    ...neededReasons(findings),
    ...guardReasons(findings),
    ...sliceReasons(findings),
    ...(errors > 0 ? [`${errors} answers have no score and count for nothing.`] : []),
  ];
}

function qualityReasons({ rules }: Findings, comparison: GateComparison, against: string): readonly string[] {
  const placed = comparisonSentence(comparison, against);
  if (rules.mode === "strict") return [placed];
  const margin = `the margin of ${points(rules.margin)}`;
  if (comparison.lower > -rules.margin) return [placed, `A loss of more than ${margin} is ruled out.`];
  if (comparison.upper < -rules.margin) return [placed, `A loss of more than ${margin} is shown.`];
  return [placed, `A loss of more than ${margin} is neither shown nor ruled out.`];
}

function strictReasons({ rules }: Findings, { difference }: GateComparison): readonly string[] {
  const below = difference < -LEVEL;
  const said = below ? "the mean is below the baseline's" : "the mean is not below the baseline's";
  if (rules.mode !== "noninferiority") return [`Strict: ${said}.`];
  return [`The strict ratchet would have said ${below ? "block" : "ship"}: ${said}.`];
}

/** Differences nearer to zero are rounding errors. */
export const LEVEL = 1e-9;

/** What a challenger lacks, as far as it could have spoken against it. */
export function gapReasons({ live, anchor, unruled, thinSlices }: EvidenceGaps): readonly string[] {
  const most = Math.max(live, anchor);
  const said: string[] = [];
  if (unruled.length > 0) {
    said.push(
      `A required rule has no result on ${unruled.length} cases, such as "${unruled[0]}": nothing ships until it has one.`,
    );
  }
  if (most > 0) {
    said.push(
      `Answers of the challenger have no score: it is held to standing ${points(most)} lower, as it would if they had failed.`,
    );
  }
  for (const slice of thinSlices) {
    said.push(`Too many cases of the blocking slice "${slice}" have no pair, so too little is known of it.`);
  }
  return said;
}

function neededReasons({ verdict, rules, live, casesNeeded, repeatsNeeded }: Findings): readonly string[] {
  if (verdict !== "inconclusive" || live === null) return [];
  const said: string[] = [];
  if (live.cases < rules.minimumCases) {
    said.push(`${live.cases} cases are too few; nothing ships on less than ${rules.minimumCases}.`);
  }
  if (casesNeeded !== null) {
    const more = casesNeeded - live.cases;
    const repeats = repeatsNeeded === null ? "" : `, or ${repeatsNeeded} repeats of each,`;
    said.push(`About ${casesNeeded} cases (${more} more)${repeats} would decide it.`);
  }
  said.push("Until then it may run in the shadow lane, where paired evidence goes on accumulating.");
  return said;
}

function guardReasons({ guards, rules, live }: Findings): readonly string[] {
  const said = guards
    .filter(({ status }) => status === "above")
    .map((guard) => `${guardFigure(guard)}, on too little evidence to block.`);
  const unknown = guards.filter(({ status }) => status === "unknown").map(({ guard }) => guard);
  const asked = rules.guards.filter(({ name, asked }) => asked && unknown.includes(name));
  for (const { name } of asked) {
    said.push(`A limit is set for ${guardWords(name)}, but it was not measured on enough cases.`);
  }
  const silent = unknown.filter((name) => !asked.some((rule) => rule.name === name));
  if (silent.length > 0 && live !== null) said.push(`Not measured, so not judged: ${silent.join(", ")}.`);
  return said;
}

function sliceReasons({ slices, rules }: Findings): readonly string[] {
  const worse = slices.filter((slice) => slice.worse && !slice.blocking);
  const absent = rules.blockingSlices.filter((name) => !slices.some(({ slice }) => slice === name));
  return [
    ...worse.map(
      ({ slice, difference, cases }) =>
        `The slice "${slice}" lost ${points(-difference)} on ${cases} cases; it does not block.`,
    ),
    ...absent.map((name) => `The blocking slice "${name}" has no paired case, so nothing is known of it.`),
  ];
}
