/** `colophon gate verdict`: the gate's verdict on recorded scores, whichever tool they come from. */
import { gateScoreFiles, REPORT_FORMATS, verdictReport } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import { type GateFlags, readGateFlags, withGateFlags } from "../evaluation/gate-flags.ts";
import { type ReportFlags, reportFormat, writeReport } from "../evaluation/report-output.ts";
import { spareMemory } from "../evaluation/spare-memory.ts";
import { readText } from "../read-document.ts";

interface VerdictFlags extends GateFlags, ReportFlags {
  readonly baseline?: string;
  readonly challenger?: string;
  readonly anchor?: string;
}

export function addGateVerdict(gate: Command, cli: Cli): void {
  const verdict = addCommand(gate, {
    usage: "verdict",
    summary: "judge recorded scores: may the challenger replace the baseline? (exit 0 ship, 1 block, 3, 4)",
    example: "colophon gate verdict --baseline live.jsonl --challenger v8.jsonl --margin 0.03",
  })
    .option("--baseline <file>", "scores of the live version, as JSON Lines (needed)")
    .option("--challenger <file>", "scores of the version that would replace it (needed)")
    .option("--anchor <file>", "scores of the best version that was ever accepted")
    .option("--risk <risk>", "low, medium or high: a margin of 0.05, 0.03 or 0.01 (medium unless given)");
  withGateFlags(verdict)
    .option("--format <format>", `${REPORT_FORMATS.join(", ")} (table unless --json)`)
    .option("-o, --output <file>", "write the report there")
    .action(async (_options: object, command: Command) => judge(cli, flagsOf<VerdictFlags>(command)));
}

async function judge(cli: Cli, flags: VerdictFlags): Promise<void> {
  spareMemory();
  const files = { baseline: needed(flags, "baseline"), challenger: needed(flags, "challenger") };
  const format = reportFormat(flags);
  const options = readGateFlags(flags);
  const read = async (file: string) => ({ file, text: await readText(file, cli.io) });
  const { verdict, pictures } = gateScoreFiles({
    baseline: await read(files.baseline),
    challenger: await read(files.challenger),
    anchor: flags.anchor === undefined ? undefined : await read(flags.anchor),
    options,
  });
  const title = `${files.challenger} against ${files.baseline}`;
  writeReport(cli, flags, {
    report: verdictReport({ verdict, title, pictures }),
    // Nothing is recorded of scores whose origin nobody knows.
    answer: { ...verdict, evidenceId: null },
    format,
  });
  cli.conclude(verdict.verdict);
}

function needed(flags: VerdictFlags, name: "baseline" | "challenger"): string {
  const file = flags[name];
  if (file !== undefined) return file;
  throw new HarnessError("usage", `There is no ${name} to compare; add --${name} with a score file.`);
}
