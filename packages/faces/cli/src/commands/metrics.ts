/** `colophon metrics`: how versions do on real traffic, and how other shares of them would have done. */
import {
  estimatePolicies,
  listMetrics,
  readInstant,
  readMetricDimensions,
  readPolicy,
  readPolicyDocument,
  readSince,
} from "@colophon/harness";
import { type Arm, HarnessError, LANES, type Lane } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { metricTable } from "../delivery/metric-table.ts";
import { policyTable } from "../delivery/policy-table.ts";
import { decimal, oneOf } from "../evaluation/gate-flags.ts";
import { parseText, readText } from "../read-document.ts";
import { keyAlone } from "../read-flags.ts";

interface MetricFlags extends GlobalFlags {
  readonly since?: string;
  readonly until?: string;
  readonly by?: string;
  readonly lane?: string;
}

export function addMetrics(program: Command, cli: Cli): void {
  const metrics = addCommand(program, {
    usage: "metrics",
    summary: "how versions do on real traffic: shares with their intervals, means and quantiles",
    example: "colophon metrics support.triage --env production --since 7d --by version,lane",
  })
    .argument("<key>", "the prompt, or the command below")
    .option("--since <time>", "from this time on: 7d back from now, or ISO 8601 (a week unless given)")
    .option("--until <iso>", "before this time")
    .option("--by <dimensions>", "any of version, lane, model, and hour or day (version unless given)")
    .option("--lane <lane>", "one lane alone; shadow lists shadowed calls, which nothing else counts")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<MetricFlags>(command);
      const { by, lane } = flags;
      const query = {
        key: keyAlone(argument),
        environment: cli.namedEnvironment(flags),
        lane: lane === undefined ? undefined : oneOf<Lane>(lane, LANES, "--lane"),
        by: by === undefined ? undefined : readMetricDimensions(by, "--by"),
        ...periodOf(cli, flags),
      };
      await cli.ask(flags, async (house) => {
        const report = await listMetrics(house, query);
        cli.list(flags, report.rows, () =>
          [cli.heading(house, report.environment), metricTable(report, cli.paint)].join("\n"),
        );
      });
    });
  addOffPolicy(metrics, cli);
}

interface PolicyFlags extends MetricFlags {
  readonly policy?: string;
  readonly metric?: string;
  readonly best?: string;
  readonly worst?: string;
}

function addOffPolicy(metrics: Command, cli: Cli): void {
  addCommand(metrics, {
    usage: "off-policy <key>",
    summary: "what other shares of a rollout's versions would have earned (IPS and SNIPS)",
    example: "colophon metrics off-policy support.triage --env production --since 7d --policy v7=0.5,v8=0.5",
  })
    // `metrics` has flags that this command does not take.
    .configureHelp({
      showGlobalOptions: true,
      visibleGlobalOptions: () => [...(metrics.parent?.options ?? [])],
    })
    .option("--since <time>", "from this time on: 7d back from now, or ISO 8601 (a week unless given)")
    .option("--until <iso>", "before this time")
    .option("--policy <shares>", "v7=0.5,v8=0.5, or a file of them (each version alone unless given)")
    .option("--metric <name>", "what is earned (quality unless given)")
    .option("--best <value>", "of an amount such as latency: what counts 1")
    .option("--worst <value>", "of an amount: what counts 0")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<PolicyFlags>(command);
      refuseFlags(metrics);
      const query = {
        key: keyAlone(argument),
        environment: cli.environment(flags),
        metric: flags.metric,
        policy: await policyOf(cli, flags.policy),
        scale: scaleOf(flags),
        ...periodOf(cli, flags),
      };
      await cli.ask(flags, async (house) => {
        const report = await estimatePolicies(house, query);
        cli.list(flags, report.rows, () =>
          [cli.heading(house, report.environment), policyTable(report, cli.paint)].join("\n"),
        );
      });
    });
}

function periodOf(cli: Cli, { since, until }: MetricFlags) {
  return {
    since: since === undefined ? undefined : readSince(since, "--since", cli.io.clock.now()),
    until: until === undefined ? undefined : readInstant(until, "--until"),
  };
}

/** Flags of `metrics` are read wherever they stand, also behind a command of it that does not take them. */
function refuseFlags(metrics: Command): void {
  const given = ["by", "lane"].find((name) => metrics.getOptionValueSource(name) === "cli");
  if (given === undefined) return;
  throw new HarnessError("usage", `metrics off-policy takes no --${given}; leave it out.`);
}

async function policyOf(cli: Cli, policy: string | undefined): Promise<readonly Arm[] | undefined> {
  if (policy === undefined || policy.includes("="))
    return policy === undefined ? undefined : readPolicy(policy);
  return readPolicyDocument(parseText(await readText(policy, cli.io), policy));
}

function scaleOf({ best, worst }: PolicyFlags) {
  if (best === undefined && worst === undefined) return null;
  if (best === undefined || worst === undefined) {
    throw new HarnessError("usage", "An amount is judged from worst to best; give both --best and --worst.");
  }
  return { best: decimal(best, "--best"), worst: decimal(worst, "--worst") };
}
