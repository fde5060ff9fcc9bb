/** Writes what is said of a branch as SARIF: what reviews found, and what the gate says of each text. */
import { posix } from "node:path";
import type { SarifLevel, SarifResult, SarifRule } from "@colophon/authoring";
import { reviewSarifResults, reviewSarifRules, sarifText } from "../review/review-sarif.ts";
import { gateText } from "./branch-outcome.ts";
import type { BranchGate, BranchPrompt, BranchReport } from "./branch-report.ts";

const GATE: SarifRule = {
  id: "gate",
  summary: "The gate does not let the text replace what is live.",
  help: "Mend the text, or give the gate what it lacks: its reason names the metric or the guard.",
  level: "error",
};

/**
 * As a SARIF 2.1.0 log, with paths from the repository's root on. What stands in code is in no file that a host could
 * show it beside.
 *
 * @example
 * import { branchSarif, checkBranch } from "@colophon/harness";
 *
 * const report = await checkBranch(null, {
 *   cwd: process.cwd(),
 *   base: "origin/main",
 *   environment: "production",
 *   gate: null,
 * });
 * const text = branchSarif(report);
 */
export function branchSarif({ prompts, prefix }: BranchReport): string {
  const placed = prompts.map((prompt) => {
    const file = prompt.file === null ? null : posix.join(prefix, prompt.file);
    return { ...prompt, file };
  });
  const reviews = placed.flatMap(({ review, file }) => (review === null ? [] : [{ ...review, file }]));
  const results = [...reviewSarifResults(reviews), ...placed.flatMap(gateResult)];
  return sarifText("colophon ci", { rules: [...reviewSarifRules(), GATE], results });
}

function gateResult({
  key,
  file,
  gate,
}: Pick<BranchPrompt, "key" | "file" | "gate">): readonly SarifResult[] {
  const level = levelOf(gate);
  if (level === null) return [];
  const place = { file, line: null, about: key };
  return [{ rule: GATE.id, level, message: gateText(gate), ...place, fingerprint: `${key}:gate` }];
}

/** Null where nothing stands in the way. */
function levelOf(gate: BranchGate): SarifLevel | null {
  switch (gate.state) {
    case "judged":
      return ({ ship: null, block: "error", inconclusive: "warning", invalid: "error" } as const)[
        gate.verdict
      ];
    case "nothing-to-judge":
      return null;
    case "not-judged":
      return "note";
    case "error":
      return "error";
  }
}
