/** `colophon gate`: decides, with evidence, whether a version may replace the live one. */
import {
  type GateAnswer,
  type GateAsked,
  gateChallenger,
  type Harness,
  textModel,
  textReference,
  verdictReport,
} from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import {
  type EvaluationFlags,
  readEvaluationFlags,
  withEvaluationFlags,
} from "../evaluation/evaluation-flags.ts";
import { decimal, type GateFlags, readGateFlags, withGateFlags } from "../evaluation/gate-flags.ts";
import { reportFormat, writeReport } from "../evaluation/report-output.ts";
import { openRunParts } from "../evaluation/run-parts.ts";
import { addGateAa } from "./gate-aa.ts";
import { addGateVerdict } from "./gate-verdict.ts";

interface ChallengerFlags extends EvaluationFlags, GateFlags {
  readonly against: string;
  readonly threshold?: string;
  readonly fresh?: boolean;
}

export function addGate(program: Command, cli: Cli): void {
  const gate = addCommand(program, {
    usage: "gate",
    summary: "decide with evidence whether a version may replace the live one (exit 0 ship, 1 block, 3, 4)",
    example: "colophon gate support.triage@v8 --env production --budget 5usd",
  })
    .argument("<key@vN>", "the challenger (KEY@cN for a candidate), or one of the commands below")
    .option("--against <version>", "vM, or live: what serves the environment now", "live")
    .option("--fresh", "ask everything anew, whatever answers are kept; one more look at the test split")
    .option("--threshold <score>", "of a version without a baseline: what its mean has to reach");
  withGateFlags(withEvaluationFlags(gate)).action(
    async (argument: string, _options: object, given: Command) => {
      await judge(cli, argument, flagsOf<ChallengerFlags>(given));
    },
  );
  addGateAa(gate, cli);
  addGateVerdict(gate, cli);
}

async function judge(cli: Cli, argument: string, flags: ChallengerFlags): Promise<void> {
  const reference = textReference(argument);
  const format = reportFormat(flags);
  const asked = readEvaluationFlags(flags);
  const { threshold } = flags;
  const request: GateAsked = {
    ...reference,
    ...asked,
    ...readGateFlags(flags),
    against: againstOf(flags.against),
    environment: cli.environment(flags),
    fresh: flags.fresh,
    threshold: threshold === undefined ? undefined : decimal(threshold, "--threshold"),
  };
  await cli.change(flags, async (house) => {
    const modelsOf = async (harness: Harness) => {
      const own = await textModel(harness, reference);
      return asked.model === undefined ? [own] : [own, asked.model];
    };
    const { parts, close } = await openRunParts(cli, flags, { house, modelsOf });
    const answer = await gateChallenger(house, request, parts).finally(close);
    const { pictures, ...shown } = answer;
    const report = verdictReport({
      verdict: answer,
      title: titleOf(answer),
      facts: factsOf(answer),
      pictures,
    });
    writeReport(cli, flags, { report, answer: shown, format });
    cli.conclude(answer.verdict);
  });
}

/** @throws HarnessError `usage`. */
function againstOf(text: string): number | "live" {
  if (text === "live") return "live";
  const [, digits] = /^v([1-9]\d{0,8})$/.exec(text) ?? [];
  if (digits !== undefined) return Number(digits);
  throw new HarnessError("usage", `--against takes a version such as v7, or live, not "${text}".`);
}

function titleOf({ key, challenger, baseline, anchorVersion }: GateAnswer): string {
  if (baseline === null) return `${key}@${challenger}, which has no baseline`;
  const anchor = anchorVersion === null ? "" : ` and the anchor ${anchorVersion}`;
  return `${key}@${challenger} against ${baseline}${anchor}`;
}

function factsOf(answer: GateAnswer) {
  const { set, split, model, environment, judges, testLooks, evidenceId, unchanged } = answer;
  return [
    {
      name: "eval set",
      value: `${set}, ${split} split${testLooks === 0 ? "" : `, looks at it: ${testLooks}`}`,
    },
    { name: "model", value: `${model.provider}/${model.id}` },
    { name: "environment", value: environment },
    ...(judges.length === 0 ? [] : [{ name: "judges", value: judges.join(", ") }]),
    ...(evidenceId === null
      ? [{ name: "evidence", value: "none was recorded" }]
      : [{ name: "evidence", value: `${evidenceId}${unchanged ? ", which was there already" : ""}` }]),
  ];
}
