/** `colophon guards`: what watches over what is live, long after its rollout. */
import {
  acceptTuning,
  type GuardRequest,
  listGuards,
  readSince,
  removeGuard,
  setGuard,
  tuneGuards,
} from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { guardTable, tuneTable } from "../delivery/guard-table.ts";
import { decimal, oneOf } from "../evaluation/gate-flags.ts";
import { durationFlag, keyAlone, shareFlag, wholeNumber } from "../read-flags.ts";

export function addGuards(program: Command, cli: Cli): void {
  const guards = addCommand(program, {
    usage: "guards",
    summary: "standing guards on what is live: where they stand, set, remove and tune them",
    example: "colophon guards support.triage --env production",
  })
    .argument("<key>", "the prompt, or one of the commands below")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf(command);
      const environment = cli.namedEnvironment(flags);
      const query = { key: keyAlone(argument), ...(environment === undefined ? {} : { environment }) };
      await cli.ask(flags, async (house) => {
        const rows = await listGuards(house, query);
        cli.list(flags, rows, () =>
          [cli.heading(house, environment ?? null), guardTable(rows, cli.paint)].join("\n"),
        );
      });
    });
  addSet(guards, cli);
  addRemove(guards, cli);
  addTune(guards, cli);
}

interface SetFlags extends GlobalFlags {
  readonly above?: string;
  readonly below?: string;
  readonly perHour?: boolean;
  readonly against: string;
  readonly ratio?: string;
  readonly window: string;
  readonly minimum: string;
  readonly action: string;
  readonly reason?: string;
}

function addSet(guards: Command, cli: Cli): void {
  addCommand(guards, {
    usage: "set <key> <metric>",
    summary: "hold a metric of what is live against a limit, or against its predecessor's numbers",
    example:
      'colophon guards set support.triage schemaOk --below 0.95 --env production --action rollback --reason "answers have to be JSON"',
  })
    .option("--above <value>", "fire above this: a number, or a share such as 8%")
    .option("--below <value>", "fire below this")
    .option("--per-hour", "of a sum per hour, such as money or errors, in place of a share or mean")
    .option("--against <what>", "limit, or predecessor: the numbers of the version before", "limit")
    .option("--ratio <number>", "times the predecessor's number that are put up with, such as 1.5")
    .option("--window <duration>", "how far it looks back", "1h")
    .option("--minimum <count>", "observations in the window before which it says nothing", "30")
    .option("--action <action>", "rollback, or alert", "alert")
    .option("--reason <text>", "why, for the log (needed)")
    .action(async (...[argument, metric, , command]: readonly [string, string, object, Command]) => {
      const flags = flagsOf<SetFlags>(command);
      const key = keyAlone(argument);
      const environment = cli.environment(flags);
      const request: GuardRequest = {
        ...{ key, environment, metric, ...limitOf(flags) },
        measure: flags.perHour === true ? "per-hour" : "mean",
        minimum: wholeNumber(flags.minimum, "--minimum"),
        window: durationFlag(flags.window, "--window"),
        action: oneOf(flags.action, ["rollback", "alert"] as const, "--action"),
        reason: flags.reason ?? "",
      };
      await cli.change(flags, async (house) => {
        const { guard, unchanged } = await setGuard(house, request);
        const { active: _active, ...shown } = guard;
        cli.answer(flags, { ...shown, unchanged }, () =>
          [
            cli.heading(house, environment),
            unchanged ? `The guard ${guard.id} is set like that already.` : `Set the guard ${guard.id}.`,
          ].join("\n"),
        );
      });
    });
}

function limitOf(flags: SetFlags): Pick<GuardRequest, "direction" | "limit" | "against"> {
  const { above, below, ratio } = flags;
  const against = oneOf(flags.against, ["limit", "predecessor"] as const, "--against");
  if (against === "predecessor") {
    if (ratio === undefined || above !== undefined || below !== undefined) {
      throw new HarnessError(
        "usage",
        "Against the predecessor a guard takes --ratio, such as 1.5, and no other limit.",
      );
    }
    const limit = decimal(ratio, "--ratio");
    return { against, limit, direction: limit < 1 ? "below" : "above" };
  }
  if (ratio !== undefined || (above === undefined) === (below === undefined)) {
    throw new HarnessError(
      "usage",
      "A guard fires above or below a limit; give one of --above and --below, or --against predecessor with --ratio.",
    );
  }
  return above === undefined
    ? { against, limit: shareFlag(below ?? "", "--below"), direction: "below" }
    : { against, limit: shareFlag(above, "--above"), direction: "above" };
}

interface RemoveFlags extends GlobalFlags {
  readonly reason?: string;
}

function addRemove(guards: Command, cli: Cli): void {
  addCommand(guards, {
    usage: "remove <key> <guard>",
    summary: "take a guard away, by its id or its metric",
    example: 'colophon guards remove support.triage schemaOk --reason "the contract is gone"',
  })
    .option("--reason <text>", "why, for the log (needed)")
    .action(async (...[argument, named, , command]: readonly [string, string, object, Command]) => {
      const flags = flagsOf<RemoveFlags>(command);
      const key = keyAlone(argument);
      const where = cli.namedEnvironment(flags);
      const removal = { key, guard: named, reason: flags.reason ?? "" };
      await cli.change(flags, async (house) => {
        const { guard } = await removeGuard(house, {
          ...removal,
          ...(where === undefined ? {} : { environment: where }),
        });
        const { id: removed, environment, metric, reason } = guard;
        cli.answer(flags, { key, id: removed, environment, metric, reason }, () =>
          [cli.heading(house, environment), `Took the guard of ${metric} away.`].join("\n"),
        );
      });
    });
}

interface TuneFlags extends GlobalFlags {
  readonly since?: string;
  readonly window: string;
  readonly minimum: string;
  readonly falseAlarms: string;
  readonly metric?: readonly string[];
  readonly accept?: boolean;
}

function addTune(guards: Command, cli: Cli): void {
  addCommand(guards, {
    usage: "tune <key>",
    summary: "propose limits from the past, with the false alarms to expect; --accept sets them",
    example: "colophon guards tune support.triage --env production",
  })
    .option("--since <time>", "the past that is looked at: 28d back from now, or ISO 8601", "28d")
    .option("--window <duration>", "how far a guard looks back", "1h")
    .option("--minimum <count>", "observations in a window before which a guard says nothing", "30")
    .option("--false-alarms <number>", "of each guard, a week", "0.25")
    .option("--metric <names...>", "these metrics alone")
    .option("--accept", "set what is proposed, with the figures as reason")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<TuneFlags>(command);
      const environment = cli.environment(flags);
      const query = {
        ...{ key: keyAlone(argument), environment, metrics: flags.metric },
        since: readSince(flags.since ?? "28d", "--since", cli.io.clock.now()),
        window: durationFlag(flags.window, "--window"),
        minimum: wholeNumber(flags.minimum, "--minimum"),
        target: decimal(flags.falseAlarms, "--false-alarms"),
      };
      const run = flags.accept === true ? cli.change.bind(cli) : cli.ask.bind(cli);
      await run(flags, async (house) => {
        const report = await (flags.accept === true ? acceptTuning : tuneGuards)(house, query);
        cli.list(flags, report.rows, () =>
          [cli.heading(house, environment), tuneTable(report, cli.paint)].join("\n"),
        );
      });
    });
}
