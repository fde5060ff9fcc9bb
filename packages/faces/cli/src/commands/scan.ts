/** `colophon scan`: where prompts live in code. */
import {
  readBaselineFile,
  SCAN_DOCUMENTS,
  type ScanAnswer,
  type ScanDocument,
  scanDocument,
  scanPaths,
  writeBaselineFile,
} from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import pc from "picocolors";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { oneOf } from "../evaluation/gate-flags.ts";
import { partFlag } from "../read-flags.ts";
import { scanText } from "../scan/scan-text.ts";
import { writeOutput } from "../write-output.ts";

interface ScanFlags extends GlobalFlags {
  readonly minConfidence?: string;
  readonly tests?: boolean;
  readonly hidden?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly failOnFindings?: boolean;
  readonly format?: string;
  readonly output?: string;
}

type ScanFormat = "table" | "json" | ScanDocument;
const FORMATS: readonly ScanFormat[] = ["table", "json", ...SCAN_DOCUMENTS];

export function addScan(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "scan [paths...]",
    summary: "find the prompts that live in TypeScript, JavaScript and Python code",
    example:
      "colophon scan src\ncolophon scan . --baseline prompts.baseline.json\ncolophon scan . --format sarif -o scan.sarif",
  })
    .option("--min-confidence <share>", "report from this confidence on: 0.5, or 50% (else 50%)")
    .option("--tests", "read tests and fixtures too")
    .option("--hidden", "read folders whose name begins with a dot too")
    .option("--baseline <file>", "known prompts: exit code 1 when there are others")
    .option("--write-baseline <file>", "write what is found as known")
    .option("--fail-on-findings", "exit code 1 when there is any prompt")
    .option("--format <format>", "table, json, sarif or html")
    .option("-o, --output <file>", "write there instead of to stdout")
    .action(async (named: readonly string[], _options: object, command: Command) => {
      await scan(cli, named.length === 0 ? ["."] : named, flagsOf<ScanFlags>(command));
    });
}

async function scan(cli: Cli, paths: readonly string[], flags: ScanFlags): Promise<void> {
  const { cwd } = cli.io;
  const format = formatOf(flags);
  const minConfidence =
    flags.minConfidence === undefined ? undefined : partFlag(flags.minConfidence, "--min-confidence");
  const baseline =
    flags.baseline === undefined ? undefined : await readBaselineFile({ file: flags.baseline, cwd });
  const { tests, hidden } = flags;
  const answer = await scanPaths({ paths, cwd, tests, hidden, minConfidence, baseline });
  if (flags.writeBaseline !== undefined) {
    const count = await writeBaselineFile({ file: flags.writeBaseline, cwd }, answer.findings);
    cli.say(`Wrote ${count} text(s) as known to ${flags.writeBaseline}; commit it.`);
  }
  await write(cli, { answer, paths, format, flags });
  const isNew = answer.baseline !== null && answer.baseline.fresh.length > 0;
  if (isNew || (flags.failOnFindings === true && answer.findings.length > 0)) cli.fail();
}

/** Read before the scan, so that a typing error costs nothing. */
function formatOf({ format, json }: ScanFlags): ScanFormat {
  if (format === undefined) return json === true ? "json" : "table";
  if (json === true && format !== "json")
    throw new HarnessError("usage", `--json and --format ${format} are given at once; take one of them.`);
  return oneOf<ScanFormat>(format, FORMATS, "--format");
}

interface Written {
  readonly answer: ScanAnswer;
  readonly paths: readonly string[];
  readonly format: ScanFormat;
  readonly flags: ScanFlags;
}

async function write(cli: Cli, written: Written): Promise<void> {
  const { answer, flags } = written;
  const text = await documentOf(cli, written);
  if (flags.output === undefined) {
    cli.io.stdout.write(text);
    return;
  }
  writeOutput(cli.io, flags.output, text);
  cli.say(`${answer.findings.length} prompt(s); the report is in ${flags.output}`);
}

async function documentOf(cli: Cli, { answer, paths, format, flags }: Written): Promise<string> {
  if (format === "sarif" || format === "html") return scanDocument(answer, format);
  if (format === "json") return jsonLines(answer);
  // A file is no terminal, whatever stdout is.
  const paint = flags.output === undefined ? cli.paint : pc.createColors(false);
  return `${scanText(paint, { answer, paths, baselineFile: flags.baseline ?? null })}\n`;
}

/** Every line has the same fields. */
function jsonLines({ findings, baseline }: ScanAnswer): string {
  const fresh = new Map(baseline?.fresh.map((one) => [one.finding, one] as const));
  const rows = findings.map((finding) => {
    const { span: _, uses, ...row } = finding;
    const isNew = fresh.get(finding);
    return {
      ...row,
      uses: uses.map(({ span: _span, ...use }) => use),
      state: baseline === null ? null : isNew === undefined ? "known" : "new",
      changeOf: isNew?.changeOf?.id ?? null,
    };
  });
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
