/** `colophon ci`: everything that a pull request has to know of the prompts that it changes. */
import { appendFileSync } from "node:fs";
import {
  type BranchGateRequest,
  type BranchLimits,
  type BranchReport,
  branchOutcome,
  branchSarif,
  checkBranch,
  type House,
  renderReport,
} from "@colophon/harness";
import { HarnessError, REVIEW_SEVERITIES, type ReviewSeverity } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import { branchMarkdown } from "../ci/branch-markdown.ts";
import { branchReport } from "../ci/branch-report-text.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { type EvaluationRequestFlags, readEvaluationFlags } from "../evaluation/evaluation-flags.ts";
import { decimal, type GateFlags, oneOf, readGateFlags, withGateFlags } from "../evaluation/gate-flags.ts";
import { textStyle } from "../evaluation/report-output.ts";
import { openRunParts } from "../evaluation/run-parts.ts";
import { hasStore } from "../has-store.ts";
import { findPolicy } from "../review/find-policy.ts";
import { writeOutput } from "../write-output.ts";

interface CiFlags extends GlobalFlags, GateFlags {
  readonly base?: string;
  readonly dir?: string;
  readonly policy?: string;
  readonly failOn: string;
  readonly gate: boolean;
  readonly requireGate?: boolean;
  readonly set?: string;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly repeats: string;
  readonly budget?: string;
  readonly concurrency: string;
  readonly embedder?: string;
  readonly threshold?: string;
  readonly format?: string;
  readonly output?: string;
  readonly junit?: string;
  readonly sarif?: string;
  readonly summary?: boolean;
}

type CiFormat = "table" | "json" | "markdown" | "junit";
const FORMATS: readonly CiFormat[] = ["table", "json", "markdown", "junit"];

/** Where a merged text would go, unless somebody says otherwise. */
const ENVIRONMENT = "production";

export function addCi(program: Command, cli: Cli): void {
  const command = addCommand(program, {
    usage: "ci",
    summary: "review and gate the prompts that a branch changes (exit 1 block or findings, 4, 3, 0)",
    example: [
      "colophon ci --base origin/main --format markdown -o summary.md --junit junit.xml --sarif review.sarif",
      "colophon ci --base origin/main --budget 5usd --require-gate",
    ].join("\n"),
  })
    .option("--base <commit>", "the branch that this one goes into, such as origin/main (needed)")
    .option("--dir <folder>", "the folder of the prompt files; else the nearest prompts/ upward")
    .option(
      "--policy <file>",
      "rules of your own for the review (else the nearest colophon.review.yaml upward)",
    )
    .option("--fail-on <severity>", "findings that stop the branch, from: high, medium or low", "high")
    .option("--no-gate", "ask no model, and record nothing")
    .option("--require-gate", "a text that the gate cannot judge is invalid (exit 4)")
    .option("--set <name>", "the eval set, NAME or NAME@vN (the prompt's own unless given)")
    .option("--model <name>", "the model that is asked, in place of the texts' own")
    .option("--base-url <url>", "another server that speaks the format of the models' providers")
    .option("--repeats <number>", "answers to each case", "1")
    .option("--budget <amounts>", "the most that all gates use together: 5usd, 200000tokens, 10min")
    .option("--concurrency <number>", "the most calls at once; fewer while a provider has too much", "16")
    .option("--embedder <name>", "the model that embeds texts, for the scorer `similarity`")
    .option("--threshold <score>", "of a version without a baseline: what its mean has to reach")
    .option("--format <format>", "table, json, markdown or junit (table unless --json)")
    .option("-o, --output <file>", "write there instead of to stdout")
    .option("--junit <file>", "write JUnit XML there too")
    .option("--sarif <file>", "write review and gate as SARIF there too")
    .option("--summary", "append the Markdown to the file that $GITHUB_STEP_SUMMARY names");
  withGateFlags(command).action(async (_options: object, given: Command) => {
    await check(cli, flagsOf<CiFlags>(given));
  });
}

async function check(cli: Cli, flags: CiFlags): Promise<void> {
  const { base, requireGate = false } = flags;
  if (base === undefined || base === "") {
    throw new HarnessError(
      "usage",
      "Nothing says what has changed; add --base with a commit, such as origin/main.",
    );
  }
  const format = formatOf(flags);
  const limits: BranchLimits = {
    failOn: oneOf<ReviewSeverity>(flags.failOn, REVIEW_SEVERITIES, "--fail-on"),
    requireGate,
  };
  const asked = readAsked(flags);
  const policy = (await findPolicy(cli.io, flags.policy))?.value ?? null;
  const environment = cli.namedEnvironment(flags) ?? ENVIRONMENT;
  const request = { cwd: cli.io.cwd, base, environment, dir: flags.dir, policy };
  const report = await visit(cli, flags, async (house) => {
    if (house === null || !flags.gate) return checkBranch(house, { ...request, gate: null });
    let close = (): void => {};
    const partsFor: BranchGateRequest["partsFor"] = async (models) => {
      const opened = await openRunParts(cli, flags, { house, modelsOf: async () => models });
      close = opened.close;
      return opened.parts;
    };
    return checkBranch(house, { ...request, gate: { ...asked, partsFor } }).finally(() => close());
  });
  write(cli, flags, { report, limits, format });
  conclude(cli, report, limits);
}

/** Without a store nothing is asked; one that is named and is not there is not made, but missed. */
async function visit<T>(cli: Cli, flags: CiFlags, use: (house: House | null) => Promise<T>): Promise<T> {
  if (!hasStore(cli, flags)) return use(null);
  await cli.ask(flags, async () => undefined);
  return flags.gate ? cli.change(flags, use) : cli.ask(flags, use);
}

function formatOf({ format, json }: CiFlags): CiFormat {
  if (format === undefined) return json === true ? "json" : "table";
  if (json === true && format !== "json")
    throw new HarnessError("usage", `--json and --format ${format} are given at once; take one of them.`);
  return oneOf<CiFormat>(format, FORMATS, "--format");
}

function readAsked(flags: CiFlags): Omit<BranchGateRequest, "partsFor"> {
  const { budget, ...asked }: EvaluationRequestFlags = readEvaluationFlags(flags);
  const { threshold } = flags;
  const terms = {
    ...readGateFlags(flags),
    ...asked,
    threshold: threshold === undefined ? undefined : decimal(threshold, "--threshold"),
  };
  return { terms, budget };
}

interface ToWrite {
  readonly report: BranchReport;
  readonly limits: BranchLimits;
  readonly format: CiFormat;
}

function write(cli: Cli, flags: CiFlags, { report, limits, format }: ToWrite): void {
  const { output, junit, sarif, summary } = flags;
  const shown = branchReport(report, limits);
  const { state, reasons } = branchOutcome(report, limits);
  const style = textStyle(cli.paint);
  const junitText = (): string => renderReport(shown, { format: "junit", answer: null, style });
  const markdown = (): string => branchMarkdown(report, shown);
  const text = {
    table: () => renderReport(shown, { format: "table", answer: null, style }),
    json: () => JSON.stringify({ ...report, state, reasons }),
    markdown,
    junit: junitText,
  }[format]();
  const whole = text.endsWith("\n") ? text : `${text}\n`;
  if (output === undefined) cli.io.stdout.write(whole);
  else writeOutput(cli.io, output, whole);
  if (junit !== undefined) writeOutput(cli.io, junit, junitText());
  if (sarif !== undefined) writeOutput(cli.io, sarif, branchSarif(report));
  if (summary === true) appendSummary(cli, markdown());
}

function appendSummary(cli: Cli, text: string): void {
  const file = cli.io.env.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === "") {
    cli.say("GITHUB_STEP_SUMMARY names no file, so no summary was written.");
    return;
  }
  try {
    appendFileSync(file, text);
  } catch (cause) {
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw new HarnessError("usage", `${file} cannot be written (${code}); look at GITHUB_STEP_SUMMARY.`, {
      cause,
    });
  }
}

/** Everything is written by now. @throws HarnessError what kept the gate from being asked. */
function conclude(cli: Cli, report: BranchReport, limits: BranchLimits): void {
  const { state } = branchOutcome(report, limits);
  if (state === "unavailable" || state === "refused") {
    const errors = report.prompts.flatMap(({ gate }) => (gate.state === "error" ? [gate] : []));
    const isStore = state === "unavailable";
    const first = errors.find(({ code }) => code.startsWith("store-") === isStore);
    if (first !== undefined) throw new HarnessError(first.code, first.why);
  }
  if (state === "block" || state === "invalid" || state === "inconclusive") cli.conclude(state);
}
