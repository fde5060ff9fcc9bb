/** `colophon review`: what rules find in a text before people let it out. */
import {
  acceptReview,
  changedPrompts,
  createReview,
  type FileToReview,
  type House,
  isRemote,
  judgeReview,
  locateStore,
  pathsFromRoot,
  previewReview,
  type ReviewReport,
  reviewFiles,
  reviewSarif,
  versionReference,
} from "@colophon/harness";
import {
  errorCodeOf,
  HarnessError,
  isAtLeast,
  REVIEW_SEVERITIES,
  type ReviewSeverity,
} from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { oneOf } from "../evaluation/gate-flags.ts";
import { callingParts } from "../evaluation/run-parts.ts";
import { readPromptValue, readText } from "../read-document.ts";
import { findPolicy } from "../review/find-policy.ts";
import { reviewText } from "../review/review-text.ts";
import { writeOutput } from "../write-output.ts";

interface ReviewFlags extends GlobalFlags {
  readonly changed?: string;
  readonly policy?: string;
  readonly judge?: string;
  readonly dryRun?: boolean;
  readonly failOn: string;
  readonly format?: string;
  readonly output?: string;
}

type ReviewFormat = "table" | "json" | "sarif";
const FORMATS: readonly ReviewFormat[] = ["table", "json", "sarif"];

export function addReview(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "review [targets...]",
    summary: "look for what people should see before a text is let out (exit 1 on open high findings)",
    example:
      "colophon review support.triage@v7\ncolophon review prompts/support/triage.prompt\ncolophon review --changed origin/main --format sarif -o review.sarif",
  })
    .option("--changed <base>", "prompt files that differ from this commit, as git has it")
    .option("--policy <file>", "your own rules (else the nearest colophon.review.yaml upward)")
    .option("--judge <judge>", "ask KEY@vN, or colophon.judge.review, for what rules cannot see")
    .option("--dry-run", "record nothing")
    .option("--fail-on <severity>", "exit 1 from this severity on: high, medium or low", "high")
    .option("--format <format>", "table, json or sarif")
    .option("-o, --output <file>", "write there instead of to stdout")
    .action(async (targets: readonly string[], _options: object, command: Command) => {
      await review(cli, targets, flagsOf<ReviewFlags>(command));
    });
}

async function review(cli: Cli, targets: readonly string[], flags: ReviewFlags): Promise<void> {
  const failOn = oneOf<ReviewSeverity>(flags.failOn, REVIEW_SEVERITIES, "--fail-on");
  const format = formatOf(flags);
  const asked = await readTargets(cli, targets, flags);
  checkJudge(flags, asked);
  const policy = (await findPolicy(cli.io, flags.policy))?.value ?? null;
  const { judge } = flags;
  const reports =
    judge === undefined
      ? await reviewAll(cli, flags, { ...asked, policy })
      : await judgeAll(cli, flags, { ...asked, policy, judge });
  await write(cli, flags, { reports, format, failOn });
  const open = reports.flatMap(({ findings }) => findings.filter(({ accepted }) => accepted === null));
  if (open.some(({ severity }) => isAtLeast(severity, failOn))) cli.fail();
}

function formatOf({ format, json }: ReviewFlags): ReviewFormat {
  if (format === undefined) return json === true ? "json" : "table";
  if (json === true && format !== "json")
    throw new HarnessError("usage", `--json and --format ${format} are given at once; take one of them.`);
  return oneOf<ReviewFormat>(format, FORMATS, "--format");
}

interface Asked {
  readonly versions: readonly { readonly key: string; readonly version: number }[];
  readonly files: readonly FileToReview[];
}

const FILE = /\.(?:prompt|ya?ml|json)$/i;

async function readTargets(cli: Cli, targets: readonly string[], { changed }: ReviewFlags): Promise<Asked> {
  if (targets.length === 0 && changed === undefined) {
    throw new HarnessError("usage", "Nothing is named: give KEY@vN, a prompt's file, or --changed BASE.");
  }
  const versions: Asked["versions"][number][] = [];
  const files = new Set(changed === undefined ? [] : await changedPrompts(cli.io.cwd, changed));
  for (const target of targets) {
    if (FILE.test(target)) files.add(target);
    else {
      const { key, version } = versionReference(target);
      if (version === null) throw noTarget(target);
      versions.push({ key, version });
    }
  }
  const read = [...files].map(async (file) => ({
    file,
    value: await readPromptValue(file, cli.io),
    source: await readText(file, cli.io),
  }));
  return { versions, files: await Promise.all(read) };
}

function noTarget(target: string): HarnessError {
  return new HarnessError(
    "usage",
    `"${target}" names neither a version nor a file; write ${target}@v7, or a file that ends in .prompt, .yaml or .json.`,
  );
}

interface ToReview extends Asked {
  readonly policy: unknown;
}

/** A judge is asked about versions: what it says is kept for their hash. */
function checkJudge({ judge, dryRun }: ReviewFlags, { versions, files }: Asked): void {
  if (judge === undefined) return;
  const problem =
    dryRun === true
      ? "--judge and --dry-run are given at once, and what a judge says is recorded; take one of them."
      : files.length > 0 || versions.length === 0
        ? "--judge is asked about versions: register the file, and name it as KEY@vN."
        : undefined;
  if (problem !== undefined) throw new HarnessError("usage", problem);
}

function judgeAll(
  cli: Cli,
  flags: ReviewFlags,
  { versions, policy, judge }: ToReview & { readonly judge: string },
): Promise<readonly ReviewReport[]> {
  const environment = cli.environment(flags);
  return cli.change(flags, async (house) => {
    const parts = await callingParts(cli, {}, { house, modelsOf: async () => [] });
    const reports: ReviewReport[] = [];
    for (const one of versions) {
      const judged = await judgeReview(house, { ...one, policy, judge, environment }, parts);
      // What the policy accepts beside it is recorded by those who may.
      reports.push(judged.accepts ? await recordOnce(house, { ...one, policy }, true) : judged);
    }
    return reports;
  });
}

/** Files need no store, and make none. */
async function reviewAll(cli: Cli, flags: ReviewFlags, asked: ToReview): Promise<readonly ReviewReport[]> {
  const { clock, cwd } = cli.io;
  const hasStore = cli.storeName(flags) !== undefined || locateStore({ cwd }).exists;
  if (!hasStore && asked.versions.length === 0) return reviewFiles(asked, clock);
  const seen = await cli.ask(flags, (house) => previewReview(house, asked));
  if (flags.dryRun === true || seen.every(({ version }) => version === null)) return seen;
  try {
    return await cli.change(flags, async (house) => {
      const reports: ReviewReport[] = [];
      for (const report of seen) reports.push(await record(house, report, asked.policy));
      return reports;
    });
  } catch (error) {
    // A file is reviewed all the same where nobody may write; a version that is named is to be recorded.
    if (asked.versions.length > 0 || !["not-allowed", "store-read-only"].includes(errorCodeOf(error) ?? "")) {
      throw error;
    }
    cli.say(`Nothing was recorded: ${(error as Error).message}`);
    return seen;
  }
}

async function record(house: House, seen: ReviewReport, policy: unknown): Promise<ReviewReport> {
  const { key, version, file } = seen;
  if (version === null) return seen;
  const made = await recordOnce(house, { key, version, policy }, seen.accepts);
  const lines = new Map(seen.findings.map(({ id, line }) => [id, line]));
  return {
    ...made,
    file,
    findings: made.findings.map((one) => ({ ...one, line: lines.get(one.id) ?? null })),
  };
}

/** Where nobody's rights are looked at, a policy that is there says all that is accepted. */
async function recordOnce(
  house: House,
  request: { readonly key: string; readonly version: number; readonly policy: unknown },
  accepts: boolean,
): Promise<ReviewReport> {
  if (!(accepts || (!isRemote(house) && request.policy !== null))) return createReview(house, request);
  try {
    return await acceptReview(house, request);
  } catch (error) {
    if (errorCodeOf(error) !== "not-allowed") throw error;
    return createReview(house, request);
  }
}

interface ToWrite {
  readonly reports: readonly ReviewReport[];
  readonly format: ReviewFormat;
  readonly failOn: ReviewSeverity;
}

async function write(cli: Cli, { output }: ReviewFlags, { reports, format, failOn }: ToWrite): Promise<void> {
  const text =
    format === "sarif"
      ? reviewSarif(await placedFromRoot(reports, cli.io.cwd))
      : format === "json"
        ? reports.map((report) => `${JSON.stringify(report)}\n`).join("")
        : `${reviewText(reports, { paint: cli.paint, failOn })}\n`;
  if (output === undefined) cli.io.stdout.write(text);
  else writeOutput(cli.io, output, text);
}

/** Code hosts know files by their way from the repository's root, wherever the run stood. */
async function placedFromRoot(
  reports: readonly ReviewReport[],
  folder: string,
): Promise<readonly ReviewReport[]> {
  if (reports.every(({ file }) => file === null)) return reports;
  const fromRoot = await pathsFromRoot(folder);
  return reports.map((report) => ({ ...report, file: report.file === null ? null : fromRoot(report.file) }));
}
