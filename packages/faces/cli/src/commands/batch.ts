/** `colophon batch`: calls a prompt once for each line of a file. */
import { setTimeout as sleep } from "node:timers/promises";
import { CallPace, checkerOf, openCalls, type PromptCalls } from "@colophon/harness";
import { errorCodeOf } from "@colophon/kernel";
import cliProgress from "cli-progress";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import { BatchClients } from "../batch/batch-clients.ts";
import { malformed, readBatchLines } from "../batch/batch-input.ts";
import { BatchOutput } from "../batch/batch-output.ts";
import { batchReport, isAnswered, reportText, TroubleCount } from "../batch/batch-report.ts";
import { type BatchFlags, type BatchRequest, readRequest } from "../batch/batch-request.ts";
import type { RetryPolicy } from "../batch/call-with-retries.ts";
import { type Barred, type BatchParts, runBatch } from "../batch/run-batch.ts";
import type { Cli } from "../cli.ts";

const LONGEST_PAUSE_MS = 30_000;

export function addBatch(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "batch <key>",
    summary: "call a prompt once for each line of a JSON Lines file; a killed run goes on where it was",
    example: [
      "colophon batch support.triage --input tickets.jsonl --out labels.jsonl --concurrency 8",
      "colophon batch support.triage --input tickets.jsonl --out labels.jsonl --model claude-haiku-4-5 --stream",
    ].join("\n"),
  })
    .option(
      "--input <file>",
      'one JSON object a line: the variables, or {"variables": …, "user", "document", "session"} (needed)',
    )
    .option("--out <file>", "results are appended here: line, executionId, version, output, error (needed)")
    .option("--model <name>", "the model that is called; each version's own without it")
    .option("--route <name>", "call the model of this route")
    .option(
      "--application <name>",
      "as the code of this application (- has no name); else what declared it last",
    )
    .option("--client <name>", "openai, responses or anthropic; by the model's provider without it")
    .option("--base-url <url>", "another server (or OPENAI_BASE_URL, ANTHROPIC_BASE_URL)")
    .option("--stream", "ask for streamed answers")
    .option("--concurrency <number>", "calls at once; fewer while the provider has too much", "4")
    .option("--retries <number>", "further tries of a call after an error that may pass", "8")
    .option("--timeout <seconds>", "how long a provider may keep silent", "300")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<BatchFlags>(command);
      await batch(cli, flags, readRequest(cli, argument, flags));
    });
}

async function batch(cli: Cli, flags: BatchFlags, request: BatchRequest): Promise<void> {
  const { key, environment, application, model, route, client } = request;
  const clients = new BatchClients({ ...request, env: cli.io.env });
  // What the flags alone decide is said before the store is opened.
  if (model !== undefined || client !== undefined) await clients.askOf(model?.provider ?? "");
  // Its calls leave rows.
  await cli.write(flags, async (harness) => {
    const onNotice = (message: string): void => cli.say(message);
    const asked = { key, environment, application, model, route };
    const calls = await openCalls(harness, { ...asked, checkerOf, onNotice });
    let output: BatchOutput | undefined;
    try {
      const { total, providers } = await checkInput(request.input, calls);
      for (const provider of providers) await clients.askOf(provider);
      output = await BatchOutput.open(request.out);
      const before = output.finished.count;
      if (before > 0) cli.say(`${before} of ${total} lines are finished in ${request.out} already.`);
      const troubles = new TroubleCount();
      const barred = await runLines(cli, request, { calls, clients, output, total, troubles });
      await calls.flush();
      const spending = await calls.spending();
      const report = batchReport({ request, total, before, output, barred, troubles, spending });
      if (!isAnswered(report)) cli.fail();
      cli.answer(flags, report, () => [cli.heading(harness, environment), reportText(report)].join("\n"));
    } finally {
      await output?.close();
      await calls.close();
    }
  });
}

interface CheckedInput {
  readonly total: number;
  readonly providers: ReadonlySet<string>;
}

/** Reads the whole input once, so that a bad line is told before anything is sent. */
async function checkInput(file: string, calls: PromptCalls): Promise<CheckedInput> {
  const providers = new Set<string>();
  let total = 0;
  for await (const { line, variables, context } of readBatchLines(file, calls.variables)) {
    total++;
    try {
      providers.add(calls.check(variables, context).provider);
    } catch (error) {
      if (errorCodeOf(error)?.startsWith("variable-") !== true) throw error;
      throw malformed({ file, line }, `does not fit: ${(error as Error).message.replace(/\.$/, "")}`);
    }
  }
  return { total, providers };
}

interface LinesParts extends Pick<BatchParts, "calls" | "output"> {
  readonly clients: BatchClients;
  readonly total: number;
  readonly troubles: TroubleCount;
}

async function runLines(cli: Cli, request: BatchRequest, parts: LinesParts): Promise<Barred> {
  const { calls, clients, output, total, troubles } = parts;
  const { stream, concurrency, timeoutMs } = request;
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  const { signal: interrupted } = cli.io;
  if (interrupted?.aborted === true) stop.abort();
  interrupted?.addEventListener("abort", onInterrupt, { once: true });
  const retry = retryPolicy(cli, request, stop.signal);
  const bar = progressBar(cli, total, output.finished.count);
  try {
    return await runBatch({
      calls,
      askOf: (provider) => clients.askOf(provider),
      lines: readBatchLines(request.input, calls.variables),
      ...{ output, stream, concurrency, timeoutMs, retry, stop },
      pace: new CallPace({ start: concurrency, most: concurrency, sleep: retry.sleep, signal: stop.signal }),
      onTrouble: (trouble) => troubles.add(trouble),
      onFinished: () => bar?.increment(),
    });
  } finally {
    bar?.stop();
    interrupted?.removeEventListener("abort", onInterrupt);
  }
}

function progressBar(cli: Cli, total: number, before: number): cliProgress.SingleBar | undefined {
  const { terminal } = cli.io.stderr;
  if (terminal === undefined) return undefined;
  const format = "{bar} {percentage}% · {value} of {total} lines · {eta_formatted} left";
  const bar = new cliProgress.SingleBar(
    { format, stream: terminal, hideCursor: true },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total, before);
  return bar;
}

function retryPolicy(cli: Cli, { tries }: BatchRequest, signal: AbortSignal): RetryPolicy {
  return {
    tries,
    longestPause: LONGEST_PAUSE_MS,
    chance: Math.random,
    now: () => cli.io.clock.now(),
    sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
  };
}
