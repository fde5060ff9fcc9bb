/** Says what a report about a branch comes down to: the gravest of everything in it, and in words why. */
import { type ErrorCode, isAtLeast, REVIEW_SEVERITIES } from "@colophon/kernel";
import type { BranchGate, BranchLimits, BranchPrompt, BranchReport } from "./branch-report.ts";

/** The gravest first; `not-judged` stops nothing, and is no verdict either. */
const BRANCH_STATES = [
  "unavailable",
  "refused",
  "block",
  "invalid",
  "inconclusive",
  "not-judged",
  "ship",
  "nothing-to-judge",
] as const;
export type BranchState = (typeof BRANCH_STATES)[number];

export interface BranchReason {
  readonly state: BranchState;
  readonly text: string;
}

export interface BranchOutcome {
  readonly state: BranchState;
  /** The gravest first; none where the gate lets everything out, or has nothing to judge. */
  readonly reasons: readonly BranchReason[];
}

/**
 * A store that is not available comes before what the gate refuses to be asked; both come before a verdict, since
 * they say that there is none. A block comes before evidence that is invalid, and that before what is inconclusive.
 *
 * @example
 * import { branchOutcome, type BranchReport } from "@colophon/harness";
 * const mayMerge = (report: BranchReport) =>
 *   branchOutcome(report, { failOn: "high", requireGate: true }).state === "ship";
 */
export function branchOutcome(report: BranchReport, limits: BranchLimits): BranchOutcome {
  const reasons = [
    ...report.prompts.flatMap((prompt) => reasonsOf(prompt, limits)),
    ...report.checks
      .filter(({ state }) => state === "failed")
      .map(({ message }): BranchReason => ({ state: "block", text: message })),
  ].toSorted((a, b) => BRANCH_STATES.indexOf(a.state) - BRANCH_STATES.indexOf(b.state));
  const isJudged = report.prompts.some(({ gate }) => gate.state === "judged");
  return { state: reasons[0]?.state ?? (isJudged ? "ship" : "nothing-to-judge"), reasons };
}

function reasonsOf(prompt: BranchPrompt, limits: BranchLimits): readonly BranchReason[] {
  const { key, problem, gate } = prompt;
  if (problem !== null) return [{ state: "block", text: problem }];
  const open = unacceptedFindings(prompt).filter(({ severity }) => isAtLeast(severity, limits.failOn));
  const counts = REVIEW_SEVERITIES.flatMap((severity) => {
    const count = open.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  const gateState = stateOfGate(gate, limits);
  return [
    ...(open.length === 0
      ? []
      : [{ state: "block", text: `${key}: the review has found ${counts.join(", ")}.` } as const]),
    ...(gateState === "ship" || gateState === "nothing-to-judge"
      ? []
      : [{ state: gateState, text: `${key}: ${gateText(gate)}` }]),
  ];
}

/**
 * Those that no policy accepts.
 *
 * @example
 * import { type BranchPrompt, unacceptedFindings } from "@colophon/harness";
 * const isClean = (prompt: BranchPrompt) => unacceptedFindings(prompt).length === 0;
 */
export function unacceptedFindings({ review }: BranchPrompt) {
  return (review?.findings ?? []).filter(({ accepted }) => accepted === null);
}

function stateOfGate(gate: BranchGate, { requireGate }: BranchLimits): BranchState {
  switch (gate.state) {
    case "judged":
      return gate.verdict;
    case "nothing-to-judge":
      return gate.state;
    case "not-judged":
      return requireGate ? "invalid" : gate.state;
    case "error":
      return isStoreTrouble(gate.code) ? "unavailable" : "refused";
  }
}

function isStoreTrouble(code: ErrorCode): boolean {
  return code.startsWith("store-");
}

/**
 * What the gate says of a text, in words.
 *
 * @example
 * console.log(gateText({ state: "not-judged", why: "no eval set" })); // not judged: no eval set
 */
export function gateText(gate: BranchGate): string {
  switch (gate.state) {
    case "judged":
      return `${gate.verdict}: ${gate.why}`;
    case "nothing-to-judge":
      return `nothing to judge: ${gate.why}`;
    case "not-judged":
      return `not judged: ${gate.why}`;
    case "error":
      return `the gate could not be asked: ${gate.why}`;
  }
}
