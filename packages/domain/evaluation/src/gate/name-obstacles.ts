/** Names what keeps a challenger from shipping where nothing speaks against it yet: the metric, the guard, the slice. */
import { type Findings, LEVEL } from "./explain-verdict.ts";
import type { GateComparison } from "./gate-verdict.ts";
import { comparisonSentence, guardFigure, points } from "./say-figures.ts";

/** None for a verdict other than `inconclusive`. Quality comes first, then what is too little, then guards and slices. */
export function nameObstacles(findings: Findings): readonly string[] {
  const { verdict, live, anchor, gaps } = findings;
  if (verdict !== "inconclusive" || live === null) return [];
  return [
    ...qualityObstacle(findings, { comparison: live, against: "the baseline", gap: gaps.live }),
    ...(anchor === null
      ? []
      : qualityObstacle(findings, { comparison: anchor, against: "the anchor", gap: gaps.anchor })),
    ...shortage(live.cases, findings),
    ...guardObstacles(findings),
    ...sliceObstacles(findings),
  ];
}

interface Quality {
  readonly comparison: GateComparison;
  readonly against: string;
  /** By so much the challenger would stand lower if the answers that it alone lacks had failed. */
  readonly gap: number;
}

function qualityObstacle({ rules }: Findings, { comparison, against, gap }: Quality): readonly string[] {
  const { lower, difference } = comparison;
  const { mode, margin } = rules;
  const placed = comparisonSentence(comparison, against);
  if (mode !== "strict" && lower <= -margin) {
    return [`Mean score: ${placed} A loss of more than the margin of ${points(margin)} is not ruled out.`];
  }
  const holds = mode === "strict" ? difference - gap >= -LEVEL : lower - gap > -margin;
  if (holds) return [];
  return [`Mean score: ${placed} Answers without a score may take ${points(gap)} of it, which is too much.`];
}

/** What of the evidence is too little, whatever it says. */
export function shortage(
  cases: number,
  { rules, gaps: { unruled } }: Pick<Findings, "rules" | "gaps">,
): readonly string[] {
  return [
    ...(cases < rules.minimumCases
      ? [`Cases: ${cases} have scores, and nothing ships on less than ${rules.minimumCases}.`]
      : []),
    ...(unruled.length > 0
      ? [`Required rules: one has no result on ${unruled.length} cases, such as "${unruled[0]}".`]
      : []),
  ];
}

function guardObstacles({ guards, rules }: Findings): readonly string[] {
  return guards.flatMap((guard) => {
    const { guard: name, status } = guard;
    if (status === "above") return [`Guard ${name}: ${guardFigure(guard)}, on too little evidence to block.`];
    const isAsked = rules.guards.some((rule) => rule.name === name && rule.asked);
    return status === "unknown" && isAsked
      ? [`Guard ${name}: a limit is set, and it was not measured on enough cases.`]
      : [];
  });
}

function sliceObstacles({ slices, rules, gaps }: Findings): readonly string[] {
  const absent = rules.blockingSlices.filter((name) => !slices.some(({ slice }) => slice === name));
  return [
    ...absent.map((name) => `Slice "${name}": it can block and has no paired case.`),
    ...gaps.thinSlices.map(
      (name) => `Slice "${name}": it can block, and too many of its cases have no pair.`,
    ),
  ];
}
