/** `colophon rollout start`: begins to let versions out by stages. */
import { type RolloutScope, type StartRolloutResult, startRollout } from "@colophon/harness";
import { HarnessError, nearestName } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { oneOf } from "../evaluation/gate-flags.ts";
import { parseText, readText } from "../read-document.ts";
import { concreteVersion } from "../read-flags.ts";

interface StartFlags extends GlobalFlags {
  readonly plan?: string;
  readonly policy?: string;
  readonly where?: string;
  readonly reason?: string;
  readonly breakGlass?: string;
}

const POLICIES = ["fixed", "mol-ts"] as const;
const SCOPES = ["documentType", "tenant"] as const;

export function addRolloutStart(rollout: Command, cli: Cli): void {
  addCommand(rollout, {
    usage: "start <key@vN[,key@vM]>",
    summary: "let a version out by stages; several prompts move together, several versions of one compete",
    example: [
      'colophon rollout start support.triage@v8 --env production --reason "clearer labels"',
      'colophon rollout start support.triage@v8 --env production --plan plan.yaml --where tenant=acme --reason "for acme first"',
    ].join("\n"),
  })
    .option("--plan <file>", "steps, guards and all else in YAML or JSON; what is left out is by the risk")
    .option("--policy <policy>", `instead of the plan's: ${POLICIES.join(", ")}`)
    .option(
      "--where <scope>",
      "only this part of the traffic: documentType=…, tenant=…, with a comma between",
    )
    .option("--reason <text>", "why, for the log (needed)")
    .option("--break-glass <text>", "begin without the evidence that the environment asks for, and say why")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<StartFlags>(command);
      const environment = cli.environment(flags);
      const { reason = "", breakGlass = null, policy, plan } = flags;
      const request = {
        members: membersOf(argument),
        environment,
        reason,
        breakGlass,
        where: flags.where === undefined ? null : readScope(flags.where),
        ...(plan === undefined ? {} : { plan: parseText(await readText(plan, cli.io), plan) }),
        ...(policy === undefined ? {} : { policy: oneOf(policy, POLICIES, "--policy") }),
      };
      await cli.change(flags, async (house) => {
        const started = await startRollout(house, request);
        for (const warning of started.warnings) cli.say(warning);
        cli.answer(flags, started, () =>
          [cli.heading(house, environment), ...startText(cli, started)].join("\n"),
        );
      });
    });
}

/** Versions of one prompt are arms of it. @throws HarnessError `usage`. */
function membersOf(argument: string) {
  const named = argument.split(",").map((one) => concreteVersion(one.trim()));
  const byKey = Map.groupBy(named, ({ key }) => key);
  return Array.from(byKey, ([key, group]) => ({ key, versions: group.map(({ version }) => version) }));
}

/** @throws HarnessError `usage`. */
function readScope(text: string): RolloutScope {
  const scope: Partial<Record<(typeof SCOPES)[number], string>> = {};
  for (const part of text.split(",")) {
    const [name = "", ...rest] = part.split("=");
    const known = SCOPES.find((one) => one === name.trim());
    const value = rest.join("=").trim();
    if (known === undefined || value === "") {
      const meant = known ?? nearestName(name.trim(), SCOPES);
      const advice = meant === undefined ? "documentType=contract or tenant=acme" : `${meant}=… with a value`;
      throw new HarnessError(
        "usage",
        `--where "${part.trim()}" names no part of the traffic; write ${advice}.`,
      );
    }
    if (scope[known] !== undefined) {
      throw new HarnessError("usage", `--where names ${known} twice; a rollout is for one of them.`);
    }
    scope[known] = value;
  }
  return scope;
}

function startText({ paint }: Cli, started: StartRolloutResult): readonly string[] {
  const { members, environment, state, share, plan, lacks, breakGlass } = started;
  const names = members.map(({ key, versions, baseline }) => {
    const tried = versions.map((version) => `v${version}`).join(", ");
    return `${key} ${tried} against v${baseline}`;
  });
  const percent = (part: number): string => `${Number((part * 100).toPrecision(3))} %`;
  const steps = plan.steps.map((step) => percent(step.share)).join(", ");
  const stands = {
    shadowing: "its calls are shadowed first; nobody sees its answers",
    ramping: `it serves ${percent(share)} of the units`,
    pending: `it serves nobody yet: ${lacks.join("; ")}`,
  };
  const now = state in stands ? stands[state as keyof typeof stands] : `it is ${state}`;
  return [
    `Started the rollout of ${names.join(", ")} in ${environment}: ${now}.`,
    `Steps: ${steps}.`,
    ...(breakGlass === null ? [] : [paint.yellow(`Without evidence: ${breakGlass}`)]),
  ];
}
