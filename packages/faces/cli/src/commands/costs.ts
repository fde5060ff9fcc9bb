/** `colophon costs`: what calls cost, and why that changed. */
import {
  explainCostChange,
  listCosts,
  type Period,
  readDimensions,
  readInstant,
  readRange,
  readSince,
} from "@colophon/harness";
import { type EpochMs, HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { costChangeText } from "../cost-change-text.ts";
import { costTable } from "../cost-table.ts";
import { keyAlone } from "../read-flags.ts";
import { readPriceFlag } from "../read-price-file.ts";

interface CostFlags extends GlobalFlags {
  readonly since?: string;
  readonly until?: string;
  readonly by: string;
  readonly prices?: string;
}

export function addCosts(program: Command, cli: Cli): void {
  const costs = addCommand(program, {
    usage: "costs",
    summary: "what calls cost, in tokens and money; with --env those of one environment",
    example: "colophon costs --since 7d --by prompt,model",
  })
    .option("--since <time>", "from this time on: 7d back from now, or ISO 8601 (30 days unless given)")
    .option("--until <iso>", "before this time")
    .option("--by <dimensions>", "any of prompt, version, model, owner, tenant, purpose", "prompt")
    .option("--prices <file>", "prices that come before all others, as in prices.yaml")
    .action(async (_options: object, command: Command) => {
      const flags = flagsOf<CostFlags>(command);
      const query = { ...(await readQuery(cli, flags)), environment: cli.namedEnvironment(flags) };
      await cli.ask(flags, async (house) => {
        const report = await listCosts(house, query);
        cli.list(flags, report.rows, () =>
          [cli.heading(house, report.environment), costTable(report, cli.paint)].join("\n"),
        );
      });
    });
  addExplain(costs, cli);
}

async function readQuery(cli: Cli, flags: CostFlags) {
  const { since, until } = flags;
  const period = {
    since: since === undefined ? undefined : readSince(since, "--since", cli.io.clock.now()),
    until: until === undefined ? undefined : readInstant(until, "--until"),
  };
  if (period.since !== undefined && period.until !== undefined && period.since >= period.until) {
    throw new HarnessError("usage", `--since ${since} is not before --until ${until}; swap them.`);
  }
  return {
    ...period,
    by: readDimensions(flags.by, "--by"),
    prices: await readPriceFlag(flags.prices, cli.io),
  };
}

interface ExplainFlags extends GlobalFlags {
  readonly all?: boolean;
  readonly since?: string;
  readonly before?: string;
  readonly after?: string;
  readonly prices?: string;
}

function addExplain(costs: Command, cli: Cli): void {
  addCommand(costs, {
    usage: "explain [key]",
    summary: "why the cost of a prompt, or of --all, changed: every part of the change, the culprit first",
    example:
      "colophon costs explain support.triage --since 2h\ncolophon costs explain --all --before 2026-01-09..2026-01-10 --after 2026-01-16..2026-01-17",
  })
    // `costs` has flags that this command does not take.
    .configureHelp({
      showGlobalOptions: true,
      visibleGlobalOptions: () => [...(costs.parent?.options ?? [])],
    })
    .option("--all", "of all prompts together")
    .option("--since <time>", "from this time until now, against the same a week before (2h unless given)")
    .option("--before <range>", "what is compared with, as FROM..TO")
    .option("--after <range>", "what is explained, as FROM..TO")
    .option("--prices <file>", "prices that come before all others, as in prices.yaml")
    .action(async (key: string | undefined, _options: object, command: Command) => {
      const flags = flagsOf<ExplainFlags>(command);
      refuseFlags(costs, ["by", "until"]);
      const query = {
        key: subjectOf(key, flags),
        ...windowsOf(flags, cli.io.clock.now()),
        environment: cli.namedEnvironment(flags),
        prices: await readPriceFlag(flags.prices, cli.io),
      };
      await cli.ask(flags, async (house) => {
        const explanation = await explainCostChange(house, query);
        cli.answer(flags, explanation, () =>
          costChangeText(explanation, {
            heading: cli.heading(house, explanation.environment),
            paint: cli.paint,
          }),
        );
      });
    });
}

/** Flags of `costs` are read wherever they stand, also behind a command of it that does not take them. */
function refuseFlags(costs: Command, names: readonly string[]): void {
  const given = names.find((name) => costs.getOptionValueSource(name) === "cli");
  if (given === undefined) return;
  throw new HarnessError("usage", `costs explain takes no --${given}; leave it out.`);
}

function subjectOf(key: string | undefined, { all }: ExplainFlags): string | null {
  if (key !== undefined && all !== true) return keyAlone(key);
  if (key === undefined && all === true) return null;
  throw new HarnessError(
    "usage",
    key === undefined
      ? "Nothing is named; give the key of a prompt, or --all for all of them."
      : `${key} and --all are given at once; keep one.`,
  );
}

const WEEK_MS = 7 * 86_400_000;

function windowsOf(
  { since, before, after }: ExplainFlags,
  now: EpochMs,
): { readonly before: Period; readonly after: Period } {
  if (before === undefined && after === undefined) {
    // A call of this very millisecond has been made.
    const until = now + 1;
    const window = { since: readSince(since ?? "2h", "--since", until), until };
    if (window.since >= window.until) {
      throw new HarnessError("time-invalid", `--since ${since} is still to come; name a time that has been.`);
    }
    return { before: { since: window.since - WEEK_MS, until: window.until - WEEK_MS }, after: window };
  }
  if (before === undefined || after === undefined) {
    const [given, missing] = before === undefined ? ["--after", "--before"] : ["--before", "--after"];
    throw new HarnessError(
      "usage",
      `${given} needs the window it is compared with; add ${missing} FROM..TO.`,
    );
  }
  if (since !== undefined) {
    throw new HarnessError(
      "usage",
      "--since cannot stand beside --before and --after; keep one or the other.",
    );
  }
  return { before: readRange(before, "--before"), after: readRange(after, "--after") };
}
