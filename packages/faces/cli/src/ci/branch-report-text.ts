/** Brings what is said of a branch into the form of a report: for a terminal, for JUnit and for a pull request. */
import {
  type BranchLimits,
  type BranchPrompt,
  type BranchReport,
  type BranchState,
  branchOutcome,
  type Check,
  gateText,
  type Report,
  type ReportState,
  reportTable,
  unacceptedFindings,
} from "@colophon/harness";
import { isAtLeast } from "@colophon/kernel";
import { figureLines } from "../diff/comparison-lines.ts";

export function branchReport(report: BranchReport, limits: BranchLimits): Report {
  const { base, commit, environment, store, prompts, notes } = report;
  const { state, reasons } = branchOutcome(report, limits);
  const count = prompts.length === 1 ? "1 prompt" : `${prompts.length} prompts`;
  return {
    title: `${count} against ${base}`,
    state: reportState(state),
    facts: [
      { name: "base", value: `${base} (${commit.slice(0, 12)})` },
      { name: "environment", value: environment },
      { name: "store", value: store ?? "none: nothing is known of what is live" },
    ],
    reasons: [
      ...reasons.map(({ text }) => text),
      ...(prompts.length === 0 ? ["No prompt differs: there is nothing to judge."] : []),
      ...openWords(report),
      ...notes,
      ...nextSteps(report, state),
    ],
    tables: tablesOf(report),
    pictures: [],
    checks: checksOf(report, limits),
  };
}

/** What the gate could not judge is done, and no more is said of it. */
function reportState(state: BranchState): ReportState {
  if (state === "unavailable" || state === "refused") return "unfinished";
  return state === "not-judged" || state === "nothing-to-judge" ? "done" : state;
}

/** What is no reason to stop, and not to be passed over. */
function openWords({ prompts, cells, checks }: BranchReport): readonly string[] {
  return [
    ...checks.filter(({ state }) => state === "unknown").map(({ message }) => message),
    ...(cells.length === 0 ? [] : [`${cells.length} cell(s) of the matrix have not passed as things are.`]),
    ...prompts.flatMap(({ key, notes, comparison }) =>
      [...notes, ...(comparison?.notes ?? [])].map((note) => `${key}: ${note}`),
    ),
  ];
}

function nextSteps({ prompts, environment }: BranchReport, state: BranchState): readonly string[] {
  const judged = prompts.flatMap(({ key, gate }) => (gate.state === "judged" ? [{ key, gate }] : []));
  const inconclusive = judged.find(({ gate }) => gate.verdict === "inconclusive");
  if (inconclusive !== undefined) {
    return ["Next: add cases to the eval set, or raise --repeats, until the gate can tell."];
  }
  if ((state !== "ship" && state !== "not-judged") || prompts.every(({ change }) => change === "deleted"))
    return [];
  return [`Next: merge, then \`colophon push\` and \`colophon release KEY@vN --env ${environment}\`.`];
}

function tablesOf({ prompts, cells }: BranchReport) {
  const columns = ["prompt", "change", "review", "gate", "tokens", "cost of 1,000 calls"].map((title) => ({
    title,
  }));
  const rows = prompts.map((prompt) => [
    prompt.key,
    prompt.change,
    reviewWords(prompt),
    gateWords(prompt),
    ...figures(prompt),
  ]);
  const findings = prompts.flatMap((prompt) =>
    unacceptedFindings(prompt).map(({ severity, rule, place, line, message, advice }) => [
      severity,
      prompt.key,
      prompt.file === null ? place : `${prompt.file}${line === null ? "" : `:${line}`}`,
      rule,
      `${message} ${advice}`,
    ]),
  );
  const models = cells.map(({ key, version, model, state, changed }) => [
    `${key}@v${version}`,
    `${model.provider}/${model.id}`,
    state === "stale" ? `stale: ${changed.join(", ")}` : state.replace("-", " "),
  ]);
  const titled = (titles: readonly string[]) => titles.map((title) => ({ title }));
  return [
    reportTable("Prompts", columns, rows),
    reportTable("Findings", titled(["severity", "prompt", "where", "rule", "what"]), findings),
    reportTable("Matrix of what is live", titled(["cell", "model", "state"]), models),
  ].filter((table) => table.rows.length > 0);
}

function reviewWords(prompt: BranchPrompt): string {
  if (prompt.problem !== null) return "cannot be read";
  if (prompt.review === null) return "–";
  const open = unacceptedFindings(prompt);
  const counts = (["high", "medium", "low"] as const).flatMap((severity) => {
    const count = open.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  return counts.length === 0 ? "nothing open" : counts.join(", ");
}

function gateWords({ gate }: BranchPrompt): string {
  return gate.state === "judged" ? gate.verdict : gate.state.replaceAll("-", " ");
}

/** Without the words that say how they were found. */
function figures({ comparison }: BranchPrompt): readonly string[] {
  if (comparison === null) return ["–", "–"];
  return figureLines(comparison).map(
    ({ value }) => value.split(/[:;]/)[0]?.replace(" for 1,000 calls", "") ?? "–",
  );
}

/** One for each prompt and check, and one for each of what stands beside them. */
function checksOf(report: BranchReport, limits: BranchLimits): readonly Check[] {
  const states = { passed: "passed", failed: "failed", unknown: "skipped" } as const;
  return [
    ...report.prompts.flatMap((prompt) => promptChecks(prompt, limits)),
    ...report.cells.map(
      ({ key, version, model, state }): Check => ({
        name: `${key}: matrix, ${model.provider}/${model.id}`,
        state: "skipped",
        message: `v${version} is ${state.replace("-", " ")} on it`,
      }),
    ),
    ...report.checks.map(({ name, state, message }): Check => ({ name, state: states[state], message })),
  ];
}

function promptChecks(prompt: BranchPrompt, limits: BranchLimits): readonly Check[] {
  const { key, problem, comparison } = prompt;
  if (problem !== null) return [{ name: `${key}: file`, state: "failed", message: problem }];
  const callers = comparison?.checks.callers ?? [];
  return [
    ...(prompt.review === null ? [] : [reviewCheck(prompt, limits)]),
    gateCheck(prompt, limits),
    ...callers.map(
      ({ environment, misfits }): Check => ({
        name: `${key}: callers in ${environment}`,
        // The branch may change the code as well: a release holds them against one another.
        state: misfits?.length === 0 ? "passed" : "skipped",
        message: misfits === null ? "not known" : misfits.join(" "),
      }),
    ),
  ];
}

function reviewCheck(prompt: BranchPrompt, { failOn }: BranchLimits): Check {
  const open = unacceptedFindings(prompt);
  const isGrave = open.some(({ severity }) => isAtLeast(severity, failOn));
  return {
    name: `${prompt.key}: review`,
    state: isGrave ? "failed" : "passed",
    message: open
      .map(({ severity, rule, place, message }) => `${severity} ${rule} (${place}): ${message}`)
      .join("\n"),
  };
}

function gateCheck({ key, gate }: BranchPrompt, { requireGate }: BranchLimits): Check {
  const name = `${key}: gate`;
  const message = gateText(gate);
  if (gate.state === "nothing-to-judge") return { name, state: "passed", message };
  if (gate.state === "error") return { name, state: "error", message };
  if (gate.state === "not-judged") return { name, state: requireGate ? "error" : "skipped", message };
  const states = { ship: "passed", block: "failed", inconclusive: "skipped", invalid: "error" } as const;
  return { name, state: states[gate.verdict], message };
}
