/** `colophon judge`: lists judges, and calibrates one against people's labels. */
import {
  findJudge,
  type Harness,
  type JudgeRow,
  listJudges,
  type RunBudget,
  readLabelledAnswers,
  readUnlabelledAnswers,
  runCalibration,
} from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { calibrationText } from "../evaluation/calibration-text.ts";
import { decimal } from "../evaluation/gate-flags.ts";
import { readBudget } from "../evaluation/read-budget.ts";
import { callingParts } from "../evaluation/run-parts.ts";
import { readText } from "../read-document.ts";
import { wholeNumber } from "../read-flags.ts";
import { textTable } from "../text-table.ts";

export function addJudge(program: Command, cli: Cli): void {
  const judge = addCommand(program, {
    usage: "judge",
    summary: "list judges, and measure how far one agrees with people",
    example: "colophon judge calibrate --judge colophon.judge.reference --labels labels.jsonl",
  });
  addList(judge, cli);
  addCalibrate(judge, cli);
}

function addList(judge: Command, cli: Cli): void {
  addCommand(judge, {
    usage: "list",
    summary: "the judges that come with Colophon, and those of your own that were calibrated",
    example: "colophon judge list",
  }).action(async (_options: object, command: Command) => {
    const flags = flagsOf<GlobalFlags>(command);
    await cli.ask(flags, async (harness) => {
      const rows = await listJudges(harness);
      cli.list(flags, rows, () => `${cli.heading(harness, null)}\n${judgeTable(cli, rows)}`);
    });
  });
}

function judgeTable(cli: Cli, rows: readonly JudgeRow[]): string {
  return textTable(
    rows,
    [
      { title: "judge", cell: ({ judge }) => judge },
      { title: "says", cell: ({ form }) => form },
      { title: "model", cell: ({ model }) => `${model.provider}/${model.id}` },
      {
        title: "standing",
        cell: ({ state }) => state,
        color: (text, { state }, paint) => (state === "agrees" ? paint.green(text) : paint.yellow(text)),
      },
      {
        title: "kappa",
        align: "right",
        cell: ({ calibration }) => calibration?.kappa?.value.toFixed(2),
      },
      { title: "labels", align: "right", cell: ({ calibration }) => calibration?.labels },
    ],
    cli.paint,
  );
}

interface CalibrateFlags extends GlobalFlags {
  readonly judge?: string;
  readonly labels?: string;
  readonly answers?: string;
  readonly rubric?: string;
  readonly threshold: string;
  readonly budget?: string;
  readonly concurrency: string;
  readonly baseUrl?: string;
}

const MOST_AT_ONCE = 256;

function addCalibrate(judge: Command, cli: Cli): void {
  addCommand(judge, {
    usage: "calibrate",
    summary:
      "hold a judge against people's labels and record how far it agrees (exit 1 where that is not shown)",
    example:
      "colophon judge calibrate --judge colophon.judge.rubric --labels labels.jsonl --rubric 'polite and to the point'",
  })
    .option("--judge <judge>", "KEY@vN, or the key alone of a judge that comes with Colophon (needed)")
    .option("--labels <file>", 'one JSON object a line: {"answer", "label": true or false, …} (needed)')
    .option("--answers <file>", "answers without a label, whose share of good ones is to be known")
    .option("--rubric <text>", "what a good answer is, for lines that do not say it themselves")
    .option("--threshold <score>", "from this score on the judge counts as having passed an answer", "0.5")
    .option("--budget <amounts>", "the most that is used: 5usd, 200000tokens, 10min, with commas between")
    .option("--concurrency <number>", "the most calls at once", "8")
    .option("--base-url <url>", "another server that speaks the format of the judge's provider")
    .action(async (_options: object, command: Command) => {
      const flags = flagsOf<CalibrateFlags>(command);
      const request = await readRequest(cli, flags);
      await cli.change(flags, async (house) => {
        const modelsOf = async (harness: Harness) => [(await findJudge(harness, request.judge)).text.model];
        const report = await runCalibration(
          house,
          request,
          await callingParts(cli, flags, { house, modelsOf }),
        );
        const heading = cli.heading(house, request.environment);
        cli.answer(flags, report, () => calibrationText(report, { heading, paint: cli.paint }));
        if (!report.recorded || !report.agrees) cli.fail();
      });
    });
}

async function readRequest(cli: Cli, flags: CalibrateFlags) {
  const { judge, labels, answers, rubric } = flags;
  if (!judge || !labels) {
    throw new HarnessError(
      "usage",
      `A calibration needs a judge and labels; add ${judge ? "--labels" : "--judge"}.`,
    );
  }
  const threshold = decimal(flags.threshold, "--threshold");
  if (!(threshold > 0 && threshold <= 1)) {
    throw new HarnessError(
      "usage",
      `--threshold takes a score above 0 and up to 1, not "${flags.threshold}".`,
    );
  }
  const concurrency = wholeNumber(flags.concurrency, "--concurrency");
  if (concurrency > MOST_AT_ONCE) {
    throw new HarnessError(
      "usage",
      `--concurrency ${concurrency} is too much; take at most ${MOST_AT_ONCE}.`,
    );
  }
  const budget: RunBudget | undefined = flags.budget === undefined ? undefined : readBudget(flags.budget);
  const labelled = readLabelledAnswers({ file: labels, text: await readText(labels, cli.io) });
  const unlabelled =
    answers === undefined
      ? []
      : readUnlabelledAnswers({ file: answers, text: await readText(answers, cli.io) });
  return {
    judge,
    labelled,
    unlabelled,
    rubric,
    threshold,
    concurrency,
    environment: cli.environment(flags),
    ...(budget !== undefined && { budget }),
  };
}
