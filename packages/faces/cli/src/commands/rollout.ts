/** `colophon rollout`: lets versions out by stages, and says what people have to say to a rollout. */
import {
  abortRollout,
  approveRollout,
  pauseRollout,
  type RolloutChangeResult,
  resumeRollout,
  versionReference,
} from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { type JudgementFlags, judgementsOf, withJudgements } from "../judgement-flags.ts";
import { keyAlone } from "../read-flags.ts";
import { addRolloutStart } from "./rollout-start.ts";
import { addRolloutList, addRolloutStatus } from "./rollout-status.ts";

export function addRollout(program: Command, cli: Cli): void {
  const rollout = addCommand(program, {
    usage: "rollout",
    summary: "let a version out by stages, watched by guards that stop it and go back by themselves",
    example: 'colophon rollout start support.triage@v8 --env production --reason "clearer labels"',
  });
  addRolloutStart(rollout, cli);
  addRolloutStatus(rollout, cli);
  addRolloutList(rollout, cli);
  addChange(rollout, cli, {
    name: "pause",
    summary: "hold a rollout; it goes on serving its share, and its guards go on watching",
    reason: "waiting for the support team",
    done: "Paused",
    change: pauseRollout,
  });
  addResume(rollout, cli);
  addApprove(rollout, cli);
  addChange(rollout, cli, {
    name: "abort",
    summary: "end a rollout, whatever its state: the live version serves everybody",
    reason: "customers complain",
    done: "Aborted",
    change: abortRollout,
  });
}

interface ChangeFlags extends GlobalFlags {
  readonly reason?: string;
  readonly accept?: string;
}

interface ChangeText {
  readonly name: string;
  readonly summary: string;
  readonly reason: string;
  readonly done: string;
  readonly change: typeof pauseRollout;
}

function addChange(rollout: Command, cli: Cli, text: ChangeText): void {
  addCommand(rollout, {
    usage: `${text.name} <key>`,
    summary: text.summary,
    example: `colophon rollout ${text.name} support.triage --env production --reason "${text.reason}"`,
  })
    .option("--reason <text>", "why, for the log (needed)")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<ChangeFlags>(command);
      const request = requestOf(cli, flags, argument);
      await cli.change(flags, async (house) => {
        const result = await text.change(house, request);
        cli.answer(flags, result, () =>
          [cli.heading(house, request.environment), said(text.done, result)].join("\n"),
        );
      });
    });
}

function addResume(rollout: Command, cli: Cli): void {
  addCommand(rollout, {
    usage: "resume <key>",
    summary: "go on with a held rollout, in spite of what is accepted by name",
    example:
      'colophon rollout resume support.triage --env production --accept cost --reason "worth its price"',
  })
    .option("--reason <text>", "why, for the log (needed)")
    .option(
      "--accept <metrics>",
      "what to go on in spite of: metrics, mismatch or units, with commas between",
    )
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<ChangeFlags>(command);
      const request = requestOf(cli, flags, argument);
      const accept = (flags.accept ?? "")
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "");
      await cli.change(flags, async (house) => {
        const result = await resumeRollout(house, { ...request, accept });
        cli.answer(flags, result, () =>
          [cli.heading(house, request.environment), said("Resumed", result)].join("\n"),
        );
      });
    });
}

function requestOf(cli: Cli, flags: ChangeFlags, argument: string) {
  return { key: keyAlone(argument), environment: cli.environment(flags), reason: flags.reason ?? "" };
}

function said(done: string, { keys, environment, state, share, unchanged }: RolloutChangeResult): string {
  const what = `the rollout of ${keys.join(", ")} in ${environment}`;
  const stands = `it is ${state} at ${Number((share * 100).toPrecision(3))} %`;
  return unchanged ? `Nothing to do: ${what} is ${state} already.` : `${done} ${what}: ${stands}.`;
}

function addApprove(rollout: Command, cli: Cli): void {
  withJudgements(
    addCommand(rollout, {
      usage: "approve <key[@vN]>",
      summary: "judge what a rollout is to serve everybody with; a later judgement replaces an earlier one",
      example:
        "colophon rollout approve support.triage --env production --safety yes --compliance yes --style yes",
    }),
  ).action(async (argument: string, _options: object, command: Command) => {
    const flags = flagsOf<GlobalFlags & JudgementFlags>(command);
    const { key, version } = versionReference(argument);
    const environment = cli.environment(flags);
    const request = { key, version, environment, ...judgementsOf(flags) };
    await cli.change(flags, async (house) => {
      const approved = await approveRollout(house, request);
      cli.answer(flags, approved, () => {
        const names = approved.versions.map((one) => `${one.key}@v${one.version}`).join(", ");
        const words = approved.inFavour
          ? `Approved ${names} for everybody in ${environment}.`
          : `Recorded that ${names} is not approved for ${environment}.`;
        return [cli.heading(house, environment), words].join("\n");
      });
    });
  });
}
