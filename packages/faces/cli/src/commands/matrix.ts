/** `colophon matrix`: prompts and models, what was shown of each pair, and what to run next. */
import {
  listMatrix,
  matrixReport,
  planCells,
  planReport,
  ranReport,
  runCells,
  upgradeModel,
  upgradeReport,
} from "@colophon/harness";
import { HarnessError, type ModelChoice, modelChoice } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { type GateFlags, readGateFlags, withGateFlags } from "../evaluation/gate-flags.ts";
import { readBudget } from "../evaluation/read-budget.ts";
import { type ReportFlags, reportFormat, writeReport } from "../evaluation/report-output.ts";
import { openRunParts } from "../evaluation/run-parts.ts";
import { wholeNumber } from "../read-flags.ts";

interface MatrixFlags extends GlobalFlags, ReportFlags {
  readonly prompt?: readonly string[];
  readonly models?: string;
  readonly budget?: string;
  readonly concurrency?: string;
  readonly baseUrl?: string;
  readonly repeats?: string;
}

export function addMatrix(program: Command, cli: Cli): void {
  const matrix = addCommand(program, {
    usage: "matrix",
    summary: "prompts and models: show, plan and run their cells, and try a model's upgrade",
    example: "colophon matrix show --env production",
  });
  addShow(matrix, cli);
  addPlan(matrix, cli);
  addRun(matrix, cli);
  addUpgrade(matrix, cli);
}

function withCellFlags(command: Command): Command {
  return withReportFlags(command)
    .option("--prompt <keys...>", "these prompts alone")
    .option("--models <names>", "models beside those that the prompts name, with commas between them");
}

function withReportFlags(command: Command): Command {
  return command
    .option("--format <format>", "table, json, junit, markdown or html (table unless --json)")
    .option("-o, --output <file>", "write the report there");
}

function withRunFlags(command: Command): Command {
  return command
    .option("--budget <amounts>", "the most that is used: 5usd, 200000tokens, 10min, with commas between")
    .option("--concurrency <number>", "the most calls at once; fewer while a provider has too much", "16")
    .option("--base-url <url>", "another server that speaks OpenAI's format, for all models that are asked");
}

function addShow(matrix: Command, cli: Cli): void {
  const command = addCommand(matrix, {
    usage: "show",
    summary: "what evidence says of each live prompt on each of its models",
    example: "colophon matrix show --env production --format html -o matrix.html",
  });
  withCellFlags(command).action(async (_options: object, given: Command) => {
    const flags = flagsOf<MatrixFlags>(given);
    const format = reportFormat(flags);
    await cli.ask(flags, async (house) => {
      const answer = await listMatrix(house, queryOf(cli, flags));
      writeReport(cli, flags, { report: matrixReport(answer), answer, format });
    });
  });
}

function addPlan(matrix: Command, cli: Cli): void {
  const command = addCommand(matrix, {
    usage: "plan",
    summary: "which cells to run within a budget, and which models could be dropped",
    example: "colophon matrix plan --env production --budget 5usd",
  }).option("--budget <amount>", "the most that the cells beside the primary models may cost, such as 5usd");
  withCellFlags(command).action(async (_options: object, given: Command) => {
    const flags = flagsOf<MatrixFlags>(given);
    const format = reportFormat(flags);
    const budget = flags.budget === undefined ? null : readBudget(flags.budget).money;
    if (flags.budget !== undefined && budget === null) {
      throw new HarnessError("usage", `A plan's budget is money, such as 5usd, not "${flags.budget}".`);
    }
    await cli.ask(flags, async (house) => {
      const answer = await planCells(house, { ...queryOf(cli, flags), budget });
      writeReport(cli, flags, { report: planReport(answer), answer, format });
    });
  });
}

function addRun(matrix: Command, cli: Cli): void {
  const command = addCommand(matrix, {
    usage: "run",
    summary: "run the planned cells, each on its own, and record the evidence",
    example: "colophon matrix run --env production --budget 5usd",
  });
  withRunFlags(withCellFlags(command)).action(async (_options: object, given: Command) => {
    const flags = flagsOf<MatrixFlags>(given);
    const format = reportFormat(flags);
    const concurrency = wholeNumber(flags.concurrency ?? "16", "--concurrency");
    const budget = flags.budget === undefined ? undefined : readBudget(flags.budget);
    await cli.change(flags, async (house) => {
      const query = queryOf(cli, flags);
      const modelsOf = async () => (await listMatrix(house, query)).cells.map(({ model }) => model);
      const { parts, close } = await openRunParts(cli, flags, { house, modelsOf });
      const request = { ...query, budget, concurrency };
      const answer = await runCells(house, request, parts).finally(close);
      writeReport(cli, flags, { report: ranReport(answer), answer, format });
      if (answer.left > 0 || answer.ran.some(({ verdict }) => verdict !== "ship")) cli.fail();
    });
  });
}

function addUpgrade(matrix: Command, cli: Cli): void {
  const command = addCommand(matrix, {
    usage: "upgrade <old> <new>",
    summary: "may the prompts on one model run on another? (exit 0 for all, else 1, 3 or 4)",
    example: "colophon matrix upgrade gpt-5-mini gpt-6-mini --env production",
  }).option("--repeats <number>", "answers to each case", "1");
  withGateFlags(withRunFlags(withReportFlags(command))).action(
    async (...[old, next, , given]: readonly [string, string, object, Command]) => {
      const flags = flagsOf<MatrixFlags & GateFlags>(given);
      const format = reportFormat(flags);
      const [from, to] = [modelChoice(old), modelChoice(next)];
      const request = {
        from,
        to,
        environment: cli.environment(flags),
        repeats: wholeNumber(flags.repeats ?? "1", "--repeats"),
        concurrency: wholeNumber(flags.concurrency ?? "16", "--concurrency"),
        budget: flags.budget === undefined ? undefined : readBudget(flags.budget),
        terms: readGateFlags(flags),
      };
      await cli.change(flags, async (house) => {
        const { parts, close } = await openRunParts(cli, flags, { house, modelsOf: async () => [from, to] });
        const answer = await upgradeModel(house, request, parts).finally(close);
        const shown = { ...answer, prompts: answer.prompts.map(({ pictures: _pictures, ...one }) => one) };
        writeReport(cli, flags, { report: upgradeReport(answer), answer: shown, format });
        cli.conclude(answer.verdict);
      });
    },
  );
}

function queryOf(cli: Cli, flags: MatrixFlags) {
  return { environment: cli.environment(flags), prompts: flags.prompt, models: modelsOf(flags.models) };
}

function modelsOf(text: string | undefined): readonly ModelChoice[] | undefined {
  return text
    ?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map((name) => modelChoice(name));
}
