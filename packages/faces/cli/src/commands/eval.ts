/** `colophon eval`: runs a version over an eval set and records what it scored. */
import {
  type EvaluateAsked,
  evaluate,
  evaluationReport,
  type Harness,
  textModel,
  textReference,
} from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import {
  type EvaluationFlags,
  readEvaluationFlags,
  withEvaluationFlags,
} from "../evaluation/evaluation-flags.ts";
import { oneOf } from "../evaluation/gate-flags.ts";
import { reportFormat, writeReport } from "../evaluation/report-output.ts";
import { openRunParts } from "../evaluation/run-parts.ts";

interface EvalFlags extends EvaluationFlags {
  readonly split: string;
}

export function addEval(program: Command, cli: Cli): void {
  const command = addCommand(program, {
    usage: "eval <key@vN>",
    summary:
      "run a version, or a candidate KEY@cN, over an eval set and record what it scored; a run that was cut off goes on",
    example: "colophon eval support.triage@v8 --set triage --budget 5usd",
  }).option("--split <split>", "dev, or test: each look at the test split is counted", "dev");
  withEvaluationFlags(command).action(async (argument: string, _options: object, given: Command) => {
    const flags = flagsOf<EvalFlags>(given);
    const reference = textReference(argument);
    const split = oneOf(flags.split, ["dev", "test"] as const, "--split");
    const format = reportFormat(flags);
    const asked = readEvaluationFlags(flags);
    const request: EvaluateAsked = { ...reference, ...asked, split, environment: cli.environment(flags) };
    await cli.change(flags, async (house) => {
      const modelsOf = async (harness: Harness) => [asked.model ?? (await textModel(harness, reference))];
      const { parts, close } = await openRunParts(cli, flags, { house, modelsOf });
      const answer = await evaluate(house, request, parts).finally(close);
      writeReport(cli, flags, { report: evaluationReport(answer), answer, format });
      if (answer.end.kind !== "complete" || answer.errors > 0) cli.fail();
    });
  });
}
