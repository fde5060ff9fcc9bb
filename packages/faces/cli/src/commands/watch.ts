/** `colophon watch`: runs the schedulers in the foreground. */
import { setTimeout as wait } from "node:timers/promises";
import {
  DeliveryWatch,
  type DeliveryWatchOptions,
  drillJob,
  type Harness,
  readWebhook,
  scoringJob,
  shadowPairs,
  type WatchTick,
  watchDelivery,
} from "@colophon/harness";
import { getEnvironment, HarnessError, systemRandom } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { shownTick, WatchLog } from "../delivery/watch-log.ts";
import { readBudget } from "../evaluation/read-budget.ts";
import { callingParts } from "../evaluation/run-parts.ts";
import { durationFlag, gathered, partFlag } from "../read-flags.ts";

interface WatchFlags extends GlobalFlags {
  readonly once?: boolean;
  readonly interval: string;
  readonly webhook?: readonly string[];
  readonly drillEvery?: string;
  readonly drillShare: string;
  readonly scoreSample: string;
  readonly scoreBudget?: string;
}

export function addWatch(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "watch",
    summary: "look after rollouts, standing guards and alerts, until it is interrupted",
    example: [
      "colophon watch",
      "colophon watch --webhook https://hooks.example.com/alerts --env production --drill-every 7d",
    ].join("\n"),
  })
    .option("--once", "look once, and end when all is done and sent")
    .option("--interval <duration>", "time between two looks", "1s")
    .option("--webhook <url>", "where alerts are sent; COLOPHON_WEBHOOK_SECRET signs them", gathered)
    .option("--drill-every <duration>", "rehearse the rollback of each prompt of --env so often")
    .option("--drill-share <share>", "units that go back and forth in such a drill", "5%")
    .option("--score-sample <share>", "served calls that the eval set's scorers score", "5%")
    .option("--score-budget <amounts>", "what judges may use a day, such as 1usd (rules alone unless given)")
    .action(async (_options: object, command: Command) => {
      const flags = flagsOf<WatchFlags>(command);
      const interval = durationFlag(flags.interval, "--interval");
      const secret = cli.io.env.COLOPHON_WEBHOOK_SECRET ?? null;
      const webhooks = (flags.webhook ?? []).map((url) => readWebhook(url, secret));
      if (webhooks.length > 0 && secret === null) {
        cli.say(
          "Alerts are sent without a signature: set COLOPHON_WEBHOOK_SECRET, so that receivers can tell them.",
        );
      }
      const schedule = drillSchedule(cli, flags);
      const sample = partFlag(flags.scoreSample, "--score-sample");
      const budget =
        flags.scoreBudget === undefined ? {} : { budget: readBudget(flags.scoreBudget, "--score-budget") };
      await cli.write(flags, async (harness) => {
        if (schedule.environment !== null)
          getEnvironment(await harness.records.state(), schedule.environment);
        const parts = { pause: (ms: number) => wait(ms), signal: cli.io.signal };
        const scoring = await callingParts(cli, {}, { house: harness, modelsOf: async () => [] });
        const jobs = [
          drillJob(harness, schedule, parts),
          scoringJob(harness, { parts: scoring, sample, ...budget }),
        ];
        const options = { random: systemRandom, webhooks, jobs, pairsOf: shadowPairs(harness) };
        if (flags.once === true) return lookOnce(cli, flags, { harness, options });
        if (flags.json !== true) cli.io.stdout.write(`${cli.heading(harness, null)}\n`);
        const log = new WatchLog(cli, flags);
        const onTick = (tick: WatchTick): void => log.tell(tick);
        await watchDelivery(harness, {
          ...options,
          interval,
          signal: endOf(cli),
          pause: parts.pause,
          onTick,
        });
      });
    });
}

/** Without a signal nobody could end it, so it does not begin. */
function endOf({ io }: Cli): AbortSignal {
  return io.signal ?? AbortSignal.abort();
}

/** @throws HarnessError `usage` for drills of no environment in particular. */
function drillSchedule(
  cli: Cli,
  { drillEvery, drillShare, ...flags }: WatchFlags,
): Parameters<typeof drillJob>[1] {
  if (drillEvery === undefined) return { environment: null };
  const environment = cli.namedEnvironment(flags);
  if (environment === undefined) {
    throw new HarnessError("usage", "Drills are of one environment; add --env production, or another.");
  }
  const every = durationFlag(drillEvery, "--drill-every");
  return { environment, every, share: partFlag(drillShare, "--drill-share") };
}

async function lookOnce(
  cli: Cli,
  flags: WatchFlags,
  { harness, options }: { readonly harness: Harness; readonly options: DeliveryWatchOptions },
): Promise<void> {
  const watch = new DeliveryWatch(harness, options);
  try {
    const tick = await watch.tick();
    const late = await watch.settled();
    const jobs = [...tick.jobs, ...late.done];
    const problems = [...tick.problems, ...late.problems];
    const whole: WatchTick = { ...tick, jobs, problems };
    if (problems.length > 0) cli.fail();
    const log = new WatchLog(cli, flags);
    if (flags.json === true) {
      log.alarm(whole);
      cli.answer(flags, shownTick(whole), () => "");
      return;
    }
    cli.io.stdout.write(`${cli.heading(harness, null)}\n`);
    log.tell(whole);
  } finally {
    await watch.close();
  }
}
