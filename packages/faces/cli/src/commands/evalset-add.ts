/** `colophon evalset add`: folds calls of production back into an eval set, one at once or a batch for review. */
import { addExecution, CASE_QUERIES, proposeCases, readCaseQuery, readSince } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { changedText } from "../evalset/eval-set-text.ts";
import { gathered, wholeNumber } from "../read-flags.ts";
import { writeOutput } from "../write-output.ts";

interface AddFlags extends GlobalFlags {
  readonly fromExecution?: string;
  readonly expected?: string;
  readonly split?: string;
  readonly tag?: readonly string[];
  readonly keepContents?: boolean;
  readonly where?: string;
  readonly prompt?: string;
  readonly since: string;
  readonly below: string;
  readonly limit: string;
  readonly out?: string;
}

export function addEvalsetAdd(evalset: Command, cli: Cli): void {
  addCommand(evalset, {
    usage: "add <set>",
    summary:
      "make an execution a case, or a query over the ledger a batch of proposed cases to review and import",
    example: "colophon evalset add triage --where thumbs-down --since 7d -o proposed.jsonl",
  })
    .option("--from-execution <id>", "the execution that becomes a case")
    .option("--expected <text>", "with it: a label, or reference:…, json:…, rubric:…")
    .option("--split <split>", "with it: dev or test; else by its conversation or document")
    .option("--tag <tag>", "with it: a slice that the case belongs to; may be repeated", gathered)
    .option("--keep-contents", "with it: also of a call that names a subject, beyond the subject's erasure")
    .option("--where <what>", `propose calls that are ${CASE_QUERIES.join(", ")}`)
    .option("--prompt <key>", "with it: whose calls; else those of the prompts that name the set")
    .option("--since <when>", "with it: 7d, or a time", "30d")
    .option("--below <score>", "with low-score: what is low", "0.5")
    .option("--limit <count>", "with it: the most cases to propose", "50")
    .option("-o, --out <file>", "with it: where to write the batch; standard output when left out")
    .action(async (set: string, _options: object, command: Command) => {
      const flags = flagsOf<AddFlags>(command);
      const { fromExecution, where } = flags;
      if (fromExecution !== undefined && where === undefined)
        await addOne(cli, flags, { set, fromExecution });
      else if (where !== undefined && fromExecution === undefined) await propose(cli, flags, { set, where });
      else throw new HarnessError("usage", "Say what to add: --from-execution ID, or --where with a query.");
    });
}

async function addOne(
  cli: Cli,
  flags: AddFlags,
  { set, fromExecution }: { readonly set: string; readonly fromExecution: string },
): Promise<void> {
  const { expected, split, tag: tags, keepContents } = flags;
  if (split !== undefined && split !== "dev" && split !== "test") {
    throw new HarnessError("usage", `--split takes dev or test, not "${split}".`);
  }
  await cli.change(flags, async (harness) => {
    const added = await addExecution(harness, {
      name: set,
      execution: fromExecution,
      expected,
      split,
      tags,
      keepContents,
    });
    if (added.state === "insufficient") cli.fail();
    cli.answer(flags, added, () => {
      if (added.state === "insufficient") return `insufficient: ${added.reason}`;
      return `${cli.heading(harness, null)}\n${changedText(added)}\nThe case keeps what was captured of the call, also when the call's subjects are erased.`;
    });
  });
}

async function propose(
  cli: Cli,
  flags: AddFlags,
  { set, where }: { readonly set: string; readonly where: string },
): Promise<void> {
  const { prompt, out } = flags;
  const query = readCaseQuery(where);
  const below = Number(flags.below);
  if (!(below > 0 && below <= 1)) {
    throw new HarnessError("usage", `--below takes a score above 0 and up to 1, not "${flags.below}".`);
  }
  const since = readSince(flags.since, "--since", cli.io.clock.now());
  const limit = wholeNumber(flags.limit, "--limit");
  const environment = cli.namedEnvironment(flags);
  await cli.ask(flags, async (harness) => {
    const asked = { name: set, where: query, prompt, environment, since, below, limit };
    const { proposals, ...proposed } = await proposeCases(harness, asked);
    const lines = proposals.map((proposal) => `${JSON.stringify(proposal)}\n`).join("");
    const left = Object.entries(proposed.left).map(([why, count]) => `${count} ${why}`);
    const insufficient =
      proposed.insufficient === null ? undefined : `insufficient: ${proposed.insufficient}`;
    if (insufficient !== undefined) cli.fail();
    if (out === undefined) {
      cli.io.stdout.write(lines);
      const said = `${proposed.found} calls were found, ${proposals.length} cases are proposed`;
      cli.say(insufficient ?? [said, ...left].join("; "));
      return;
    }
    writeOutput(cli.io, out, lines);
    cli.answer(flags, { ...proposed, proposed: proposals.length, out }, () => {
      const lines = [
        cli.heading(harness, environment ?? null),
        `${proposed.found} calls were found: ${[`${proposals.length} cases are proposed in ${out}`, ...left].join(", ")}.`,
        `Review it, say in "expected" what was right, and import it: colophon evalset import ${out} --name ${set}`,
      ];
      return insufficient ?? lines.join("\n");
    });
  });
}
