/** `colophon score`: scores a sample of the calls of production by rules and judges, within a budget. */
import {
  findJudge,
  type Harness,
  onlineRates,
  readScorerTexts,
  readSince,
  scoreOnline,
} from "@colophon/harness";
import { HarnessError, type ModelChoice, modelChoice } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { decimal } from "../evaluation/gate-flags.ts";
import { scoresText } from "../evaluation/online-text.ts";
import { readBudget } from "../evaluation/read-budget.ts";
import { callingParts } from "../evaluation/run-parts.ts";
import { gathered, keyAlone, wholeNumber } from "../read-flags.ts";

interface ScoreFlags extends GlobalFlags {
  readonly since?: string;
  readonly sample: string;
  readonly pairs: string;
  readonly scorer?: readonly string[];
  readonly judge?: readonly string[];
  readonly rubric?: string;
  readonly budget?: string;
  readonly concurrency: string;
  readonly baseUrl?: string;
  readonly embedder?: string;
}

export function addScore(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "score <key>",
    summary: "score a sample of the served calls, and pairs of shadowed ones, by rules and judges",
    example: [
      "colophon score support.triage --env production --scorer json-valid",
      "colophon score support.reply --env production --judge colophon.judge.rubric --rubric 'polite' --budget 1usd",
    ].join("\n"),
  })
    .option("--since <time>", "calls from this time on: 2h back from now, or ISO 8601", "1d")
    .option("--sample <share>", "of the served calls, chosen by their ids", "0.05")
    .option("--pairs <share>", "of the shadowed calls, each with its live one", "1")
    .option(
      "--scorer <spec>",
      "a name, or a spec in JSON; may be repeated (the eval set's unless given)",
      gathered,
    )
    .option("--judge <judge>", "KEY@vN, or a judge that comes with Colophon; may be repeated", gathered)
    .option("--rubric <text>", "what a good answer is, for judges that ask for it")
    .option("--budget <amounts>", "the most that judges use: 1usd, 200000tokens, 10min (needed for judges)")
    .option("--concurrency <number>", "the most calls at once", "8")
    .option("--base-url <url>", "another server that speaks the format of the judges' provider")
    .option("--embedder <name>", "the model that embeds texts, for the scorer `similarity`")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<ScoreFlags>(command);
      const request = readRequest(cli, flags, keyAlone(argument));
      await cli.change(flags, async (house) => {
        const modelsOf = (harness: Harness) => judgeModels(harness, flags.judge ?? []);
        const report = await scoreOnline(house, request, await callingParts(cli, flags, { house, modelsOf }));
        const { key, environment } = report;
        const since = request.since ?? house.clock.now();
        const rates = await onlineRates(house, { key, environment, since });
        cli.answer(flags, { ...report, rates }, () =>
          [cli.heading(house, environment), scoresText(report, rates, cli.paint)].join("\n"),
        );
        if (report.end.kind !== "complete") cli.fail();
      });
    });
}

function readRequest(cli: Cli, flags: ScoreFlags, key: string) {
  const { scorer = [], judge = [], rubric, budget } = flags;
  if (rubric !== undefined && judge.length === 0) {
    throw new HarnessError("usage", "--rubric is for judges; add --judge colophon.judge.rubric, or another.");
  }
  const judged = judge.map((name) => ({
    scorer: "judge",
    options: { judge: name, ...(rubric !== undefined && { rubric }) },
  }));
  const scorers = [...readScorerTexts(scorer), ...judged];
  return {
    key,
    environment: cli.environment(flags),
    since: readSince(flags.since ?? "1d", "--since", cli.io.clock.now()),
    sample: decimal(flags.sample, "--sample"),
    pairs: decimal(flags.pairs, "--pairs"),
    concurrency: wholeNumber(flags.concurrency, "--concurrency"),
    embedder: flags.embedder === undefined ? undefined : modelChoice(flags.embedder),
    ...(scorers.length > 0 && { scorers }),
    ...(budget !== undefined && { budget: readBudget(budget) }),
  };
}

function judgeModels(harness: Harness, judges: readonly string[]): Promise<readonly ModelChoice[]> {
  return Promise.all(judges.map(async (name) => (await findJudge(harness, name)).text.model));
}
