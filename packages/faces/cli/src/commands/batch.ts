/** `colophon batch`: calls a prompt once for each line of a file. */
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openCalls, type PromptCalls } from "@colophon/harness";
import { errorCodeOf, HarnessError, modelChoice } from "@colophon/kernel";
import cliProgress from "cli-progress";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import { malformed, readBatchLines } from "../batch/batch-input.ts";
import { type BatchOutput, openBatchOutput } from "../batch/batch-output.ts";
import type { RetryPolicy } from "../batch/call-with-retries.ts";
import { runBatch } from "../batch/run-batch.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { openaiClient } from "../openai-client.ts";
import { keyAlone, wholeNumber } from "../read-flags.ts";
import { checkerOf } from "../schema-checker.ts";

interface BatchFlags extends GlobalFlags {
  readonly input?: string;
  readonly out?: string;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly concurrency?: string;
}

const ATTEMPTS = 6;
const LONGEST_PAUSE_MS = 30_000;
const MOST_AT_ONCE = 256;

export function addBatch(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "batch <key>",
    summary: "call a prompt once for each line of a JSON Lines file; a killed run goes on where it was",
    example:
      "colophon batch support.triage --input tickets.jsonl --out labels.jsonl --model gpt-5-mini --concurrency 8",
  })
    .option(
      "--input <file>",
      'one JSON object a line: the variables, or {"variables": …, "user", "document", "session"} (needed)',
    )
    .option("--out <file>", "results are appended here: line, executionId, version, output, error (needed)")
    .option("--model <name>", "the model that is called (needed)")
    .option("--base-url <url>", "another server that speaks the OpenAI wire format (or OPENAI_BASE_URL)")
    .option("--concurrency <number>", "calls at once", "4")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<BatchFlags>(command);
      const request = readRequest(cli, argument, flags);
      const { model, environment, key } = request;
      const client = await openaiClient({ baseUrl: request.baseUrl, apiKey: cli.io.env.OPENAI_API_KEY });
      await cli.read(flags, async (harness) => {
        const onNotice = (message: string): void => cli.say(message);
        const choice = modelChoice(model);
        const calls = await openCalls(harness, { key, environment, checkerOf, model: choice, onNotice });
        let output: BatchOutput | undefined;
        try {
          const total = await checkInput(request.input, calls);
          output = await openBatchOutput(request.out);
          const before = output.finished.count;
          if (before > 0) cli.say(`${before} of ${total} lines are finished in ${request.out} already.`);
          const bar = progressBar(cli, total, before);
          const lines = readBatchLines(request.input, calls.variables);
          await runBatch({
            calls,
            client,
            model: choice.id,
            lines,
            output,
            concurrency: request.concurrency,
            retry: retryPolicy(cli),
            signal: cli.io.signal,
            onFinished: () => bar?.increment(),
          }).finally(() => bar?.stop());
          await calls.flush();
          report(cli, flags, { ...request, store: harness.store, total, before, output });
        } finally {
          output?.close();
          await calls.close();
        }
      });
    });
}

interface BatchRequest {
  readonly key: string;
  readonly environment: string;
  readonly input: string;
  readonly out: string;
  readonly model: string;
  readonly baseUrl: string | undefined;
  readonly concurrency: number;
}

function readRequest(cli: Cli, argument: string, flags: BatchFlags): BatchRequest {
  const { input, out, model } = flags;
  const missing = Object.entries({ "--input": input, "--out": out, "--model": model }).find(
    ([, value]) => !value,
  );
  if (missing !== undefined || !input || !out || !model) {
    throw new HarnessError("usage", `A batch needs input, output and model; add ${missing?.[0]}.`);
  }
  const concurrency = wholeNumber(flags.concurrency ?? "4", "--concurrency");
  if (concurrency > MOST_AT_ONCE) {
    throw new HarnessError(
      "usage",
      `--concurrency ${concurrency} is too much at once; take at most ${MOST_AT_ONCE}.`,
    );
  }
  const [from, to] = [resolve(cli.io.cwd, input), resolve(cli.io.cwd, out)];
  if (from === to)
    throw new HarnessError("usage", "--input and --out are the same file; name another --out.");
  const baseUrl = flags.baseUrl ?? (cli.io.env.OPENAI_BASE_URL || undefined);
  if (baseUrl !== undefined && !URL.canParse(baseUrl)) {
    throw new HarnessError(
      "usage",
      `--base-url "${baseUrl}" is no address; write one such as http://127.0.0.1:4100/v1.`,
    );
  }
  return {
    key: keyAlone(argument),
    environment: cli.environment(flags),
    input: from,
    out: to,
    model,
    baseUrl,
    concurrency,
  };
}

/** Reads the whole input once, so that a bad line is told before anything is sent. @returns its lines. */
async function checkInput(file: string, calls: PromptCalls): Promise<number> {
  let total = 0;
  for await (const { line, variables, context } of readBatchLines(file, calls.variables)) {
    total++;
    try {
      calls.check(variables, context);
    } catch (error) {
      if (errorCodeOf(error)?.startsWith("variable-") !== true) throw error;
      throw malformed({ file, line }, `does not fit: ${(error as Error).message.replace(/\.$/, "")}`);
    }
  }
  return total;
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

function retryPolicy(cli: Cli): RetryPolicy {
  const { clock, signal } = cli.io;
  return {
    attempts: ATTEMPTS,
    longestPause: LONGEST_PAUSE_MS,
    chance: Math.random,
    now: () => clock.now(),
    // An interrupt ends the wait; the attempt after it is the last that is made.
    sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
  };
}

interface Reported extends BatchRequest {
  readonly store: string;
  readonly total: number;
  readonly before: number;
  readonly output: BatchOutput;
}

function report(cli: Cli, flags: GlobalFlags, reported: Reported): void {
  const { key, environment, store, total, before, output, out, model } = reported;
  const { count, errors } = output.finished;
  if (errors > 0 || count < total) cli.fail();
  const answer = { key, environment, model, lines: total, finished: count, errors, resumed: before, out };
  cli.answer(flags, answer, () =>
    [
      cli.heading({ store }, environment),
      `${count} of ${total} lines are finished in ${out}, ${errors} of them with an error.`,
      ...(count < total ? ["Interrupted; run the same command again to go on."] : []),
    ].join("\n"),
  );
}
