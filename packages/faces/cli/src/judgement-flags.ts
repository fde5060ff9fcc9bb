/** The three judgements of a reviewer as flags; each is asked for by itself, since silence is no judgement. */
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { oneOf } from "./evaluation/gate-flags.ts";

const JUDGEMENTS = ["safety", "compliance", "style"] as const;
const ANSWERS = ["yes", "no"] as const;

export interface JudgementFlags extends Partial<Record<(typeof JUDGEMENTS)[number], string>> {
  readonly comment?: string;
}

export function withJudgements(command: Command): Command {
  return command
    .option("--safety <yes|no>", "whether it is safe (needed)")
    .option("--compliance <yes|no>", "whether it keeps the rules that hold for you (needed)")
    .option("--style <yes|no>", "whether it reads as it should (needed)")
    .option("--comment <text>", "more in words");
}

/** @throws HarnessError `usage` where one is missing. */
export function judgementsOf(flags: JudgementFlags) {
  const [safety = false, compliance = false, style = false] = JUDGEMENTS.map((one) => judgement(flags, one));
  return { safety, compliance, style, comment: flags.comment ?? null };
}

function judgement(flags: JudgementFlags, name: (typeof JUDGEMENTS)[number]): boolean {
  const given = flags[name];
  if (given === undefined) {
    throw new HarnessError("usage", `An approval says all three; add --${name} yes or --${name} no.`);
  }
  return oneOf(given, ANSWERS, `--${name}`) === "yes";
}
