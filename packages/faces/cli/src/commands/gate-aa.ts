/** `colophon gate aa`: runs a version against itself, to measure the noise of prompt, model and judge. */
import { type Harness, measureVersionNoise, noiseReport, textModel } from "@colophon/harness";
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
import { concreteVersion } from "../read-flags.ts";

interface NoiseFlags extends EvaluationFlags {
  readonly split: string;
}

export function addGateAa(gate: Command, cli: Cli): void {
  const command = addCommand(gate, {
    usage: "aa <key@vN>",
    summary: "run a version against itself: the noise that a difference has to stand out from",
    example: "colophon gate aa support.triage@v7 --set triage",
  }).option("--split <split>", "dev, or test", "dev");
  withEvaluationFlags(command).action(async (argument: string, _options: object, given: Command) => {
    const flags = flagsOf<NoiseFlags>(given);
    const { key, version } = concreteVersion(argument);
    const split = oneOf(flags.split, ["dev", "test"] as const, "--split");
    const format = reportFormat(flags);
    const asked = readEvaluationFlags(flags);
    const request = { ...asked, key, version, split, environment: cli.environment(flags) };
    await cli.change(flags, async (house) => {
      const modelsOf = async (harness: Harness) => [
        asked.model ?? (await textModel(harness, { key, version })),
      ];
      const { parts, close } = await openRunParts(cli, flags, { house, modelsOf });
      const answer = await measureVersionNoise(house, request, parts).finally(close);
      writeReport(cli, flags, { report: noiseReport(answer), answer, format });
      if (answer.noise === null) cli.conclude("invalid");
      else if (answer.end.kind !== "complete" || answer.noise.biased) cli.fail();
    });
  });
}
