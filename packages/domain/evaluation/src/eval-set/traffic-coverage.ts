/** Which groups of real traffic no case of an eval set is like. */
import { uncoveredGroups } from "@colophon/methods";
import type { EvalSetContent } from "../eval-case.ts";
import { variablesText } from "./case-text.ts";

/** A call of the ledger whose variables were captured. */
export interface CapturedCall {
  readonly execution: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Calls that are like each other and like no case. */
export interface UncoveredTraffic {
  readonly calls: number;
  /** Share of the captured calls. */
  readonly share: number;
  /** A call that the others are like. */
  readonly example: string;
}

export type TrafficCoverage =
  | { readonly state: "insufficient"; readonly reason: string; readonly calls: number }
  | {
      readonly state: "known";
      /** Calls of the window that were looked at. */
      readonly calls: number;
      /** Those of them whose variables were captured: all that is known rests on these. */
      readonly captured: number;
      readonly covered: number;
      /** Groups of at least `LEAST_CALLS` calls, the largest first. */
      readonly uncovered: readonly UncoveredTraffic[];
      /** Calls like no case in smaller groups. */
      readonly scattered: number;
    };

/** Fewer calls that are like each other are no cluster. */
const LEAST_CALLS = 3;

/** @param calls how many were looked at, captured or not. */
export function trafficCoverage(
  content: EvalSetContent,
  captured: readonly CapturedCall[],
  calls: number,
): TrafficCoverage {
  if (calls === 0) return { state: "insufficient", reason: "no calls in the window", calls };
  if (captured.length === 0) return { state: "insufficient", reason: "contents not captured", calls };
  const textsOf = (of: readonly { readonly variables: CapturedCall["variables"] }[]): readonly string[] =>
    of.map(({ variables }) => variablesText(variables));
  const { covered, groups } = uncoveredGroups(textsOf(captured), textsOf(content.cases));
  const large = groups.filter(({ members }) => members.length >= LEAST_CALLS);
  const uncovered = large.map(({ leader, members }) => ({
    calls: members.length,
    share: members.length / captured.length,
    example: captured[leader]?.execution ?? "",
  }));
  const scattered = groups.reduce((sum, { members }) => sum + members.length, 0);
  const grouped = uncovered.reduce((sum, group) => sum + group.calls, 0);
  return {
    state: "known",
    calls,
    captured: captured.length,
    covered,
    uncovered,
    scattered: scattered - grouped,
  };
}
