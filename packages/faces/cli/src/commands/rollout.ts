/** `colophon rollout`: lets versions out by stages, and says what people have to say to a rollout. */
import {
  abortRollout,
  approveRollout,
  pauseRollout,
  type RolloutChangeResult,
  resumeRollout,
  versionReference,
} from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { oneOf } from "../evaluation/gate-flags.ts";
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
      await cli.write(flags, async (harness) => {
        const result = await text.change(harness, request);
        cli.answer(flags, result, () =>
          [cli.heading(harness, request.environment), said(text.done, result)].join("\n"),
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
      await cli.write(flags, async (harness) => {
        const result = await resumeRollout(harness, { ...request, accept });
        cli.answer(flags, result, () =>
          [cli.heading(harness, request.environment), said("Resumed", result)].join("\n"),
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

const JUDGEMENTS = ["safety", "compliance", "style"] as const;
const ANSWERS = ["yes", "no"] as const;

interface ApproveFlags extends GlobalFlags, Partial<Record<(typeof JUDGEMENTS)[number], string>> {
  readonly comment?: string;
}

function addApprove(rollout: Command, cli: Cli): void {
  addCommand(rollout, {
    usage: "approve <key[@vN]>",
    summary: "judge what a rollout is to serve everybody with; a later judgement replaces an earlier one",
    example:
      "colophon rollout approve support.triage --env production --safety yes --compliance yes --style yes",
  })
    .option("--safety <yes|no>", "whether it is safe (needed)")
    .option("--compliance <yes|no>", "whether it keeps the rules that hold for you (needed)")
    .option("--style <yes|no>", "whether it reads as it should (needed)")
    .option("--comment <text>", "more in words")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<ApproveFlags>(command);
      const { key, version } = versionReference(argument);
      const [safety = false, compliance = false, style = false] = JUDGEMENTS.map((one) =>
        judgement(flags, one),
      );
      const environment = cli.environment(flags);
      const request = {
        key,
        version,
        environment,
        safety,
        compliance,
        style,
        comment: flags.comment ?? null,
      };
      await cli.write(flags, async (harness) => {
        const approved = await approveRollout(harness, request);
        cli.answer(flags, approved, () => {
          const names = approved.versions.map((one) => `${one.key}@v${one.version}`).join(", ");
          const words = approved.inFavour
            ? `Approved ${names} for everybody in ${environment}.`
            : `Recorded that ${names} is not approved for ${environment}.`;
          return [cli.heading(harness, environment), words].join("\n");
        });
      });
    });
}

/** Each is asked for by itself: silence is no judgement. */
function judgement(flags: ApproveFlags, name: (typeof JUDGEMENTS)[number]): boolean {
  const given = flags[name];
  if (given === undefined) {
    throw new HarnessError("usage", `An approval says all three; add --${name} yes or --${name} no.`);
  }
  return oneOf(given, ANSWERS, `--${name}`) === "yes";
}
