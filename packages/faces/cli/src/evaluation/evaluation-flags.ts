/** The flags of all commands that run versions over an eval set. */
import type { RunBudget } from "@colophon/harness";
import { HarnessError, type ModelChoice, modelChoice } from "@colophon/kernel";
import type { Command } from "commander";
import type { GlobalFlags } from "../cli.ts";
import { wholeNumber } from "../read-flags.ts";
import { readBudget } from "./read-budget.ts";

export interface EvaluationFlags extends GlobalFlags {
  readonly set?: string;
  readonly model?: string;
  readonly repeats: string;
  readonly budget?: string;
  readonly concurrency: string;
  readonly baseUrl?: string;
  readonly embedder?: string;
  readonly format?: string;
  readonly output?: string;
}

const MOST_AT_ONCE = 256;
const MOST_REPEATS = 100;

export function withEvaluationFlags(command: Command): Command {
  return command
    .option("--set <name>", "the eval set, NAME or NAME@vN (the prompt's own unless given)")
    .option("--model <name>", "the model that is asked, in place of the version's own")
    .option("--repeats <number>", "answers to each case", "1")
    .option("--budget <amounts>", "the most that is used: 5usd, 200000tokens, 10min, with commas between")
    .option("--concurrency <number>", "the most calls at once; fewer while a provider has too much", "16")
    .option("--base-url <url>", "another server that speaks the format of the model's provider")
    .option("--embedder <name>", "the model that embeds texts, for the scorer `similarity`")
    .option("--format <format>", "table, json, junit, markdown or html (table unless --json)")
    .option("-o, --output <file>", "write the report there");
}

export interface EvaluationRequestFlags {
  readonly set: string | undefined;
  readonly model: ModelChoice | undefined;
  readonly repeats: number;
  readonly budget: RunBudget | undefined;
  readonly concurrency: number;
  readonly embedder: ModelChoice | undefined;
}

/** @throws HarnessError `usage`. */
export function readEvaluationFlags(flags: EvaluationFlags): EvaluationRequestFlags {
  const { set, model, budget, embedder } = flags;
  return {
    set,
    model: model === undefined ? undefined : modelChoice(model),
    repeats: atMost(wholeNumber(flags.repeats, "--repeats"), "--repeats", MOST_REPEATS),
    budget: budget === undefined ? undefined : readBudget(budget),
    concurrency: atMost(wholeNumber(flags.concurrency, "--concurrency"), "--concurrency", MOST_AT_ONCE),
    embedder: embedder === undefined ? undefined : modelChoice(embedder),
  };
}

function atMost(value: number, flag: string, most: number): number {
  if (value <= most) return value;
  throw new HarnessError("usage", `${flag} ${value} is too much; take at most ${most}.`);
}
