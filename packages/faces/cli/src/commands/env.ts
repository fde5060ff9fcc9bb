/** `colophon env`: lists, adds and protects environments. */
import {
  addEnvironment,
  type ChangedEnvironment,
  findEnvironments,
  GATE_MODES,
  protectEnvironment,
} from "@colophon/harness";
import { type GateDemand, HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { oneOf } from "../evaluation/gate-flags.ts";
import { wholeNumber } from "../read-flags.ts";
import { findPolicy } from "../review/find-policy.ts";
import { shortHash, textTable } from "../text-table.ts";

const GATES: readonly GateDemand[] = ["never", "with-eval-set", "always"];

export function addEnv(program: Command, cli: Cli): void {
  const env = addCommand(program, {
    usage: "env",
    summary: "list, add and protect environments",
    example: "colophon env add preview --inherits staging",
  });
  addList(env, cli);
  addAdd(env, cli);
  addProtect(env, cli);
}

function addList(env: Command, cli: Cli): void {
  addCommand(env, { usage: "list", summary: "list the environments", example: "colophon env list" }).action(
    async (_options: object, command: Command) => {
      const flags = flagsOf(command);
      await cli.ask(flags, async (house) => {
        const rows = await findEnvironments(house);
        const columns = [
          { title: "environment", cell: (row: (typeof rows)[number]) => row.name },
          { title: "inherits", cell: (row: (typeof rows)[number]) => row.inherits },
          { title: "evidence needed", cell: (row: (typeof rows)[number]) => row.gate },
          {
            title: "approvals",
            cell: (row: (typeof rows)[number]) => row.approvals,
            align: "right" as const,
          },
          {
            title: "review policy",
            cell: ({ reviewPolicy }: (typeof rows)[number]) =>
              reviewPolicy === null ? null : shortHash(reviewPolicy),
          },
          { title: "live prompts", cell: (row: (typeof rows)[number]) => row.live, align: "right" as const },
        ];
        cli.list(flags, rows, () => `${cli.heading(house, null)}\n${textTable(rows, columns, cli.paint)}`);
      });
    },
  );
}

function addAdd(env: Command, cli: Cli): void {
  addCommand(env, {
    usage: "add <name>",
    summary: "add an environment",
    example: "colophon env add preview --inherits staging",
  })
    .option("--inherits <environment>", "look releases up there where this one has none")
    .action(async (name: string, options: { readonly inherits?: string }, command: Command) => {
      const flags = flagsOf(command);
      await cli.change(flags, async (house) => {
        const added = await addEnvironment(house, { name, inherits: options.inherits ?? null });
        cli.answer(flags, added, () => said(cli, house, added));
      });
    });
}

interface ProtectFlags extends GlobalFlags {
  readonly gate: string;
  readonly approvals?: string;
  readonly modes?: string;
  /** False for `--no-policy`. */
  readonly policy?: string | false;
}

function addProtect(env: Command, cli: Cli): void {
  addCommand(env, {
    usage: "protect <name>",
    summary: "ask for evidence and approvals before a version is live there",
    example: "colophon env protect staging --gate always --approvals 1",
  })
    .option("--gate <when>", `when evidence is needed: ${GATES.join(", ")}`, "always")
    .option("--approvals <count>", "approvals by others than the author")
    .option(
      "--modes <modes>",
      `modes of which evidence counts: ${GATE_MODES.join(", ")}, with commas between`,
    )
    .option("--policy <file>", "rules that reviews are held to there, whoever made them")
    .option("--no-policy", "hold reviews to the policy of a prompt's last one again")
    .action(async (name: string, options: ProtectFlags, command: Command) => {
      const flags = flagsOf(command);
      const gate = GATES.find((known) => known === options.gate);
      if (gate === undefined) {
        throw new HarnessError("usage", `--gate takes ${GATES.join(", ")}, not "${options.gate}".`);
      }
      const approvals =
        options.approvals === undefined ? undefined : wholeNumber(options.approvals, "--approvals", 0);
      const modes = options.modes?.split(",").map((mode) => oneOf(mode.trim(), GATE_MODES, "--modes"));
      const { policy } = options;
      const found = typeof policy === "string" ? await findPolicy(cli.io, policy) : null;
      const held = policy === undefined ? {} : { reviewPolicy: found?.value ?? null };
      await cli.change(flags, async (house) => {
        const changed = await protectEnvironment(house, { name, gate, approvals, modes, ...held });
        cli.answer(flags, changed, () => said(cli, house, changed));
      });
    });
}

function said(cli: Cli, house: Parameters<Cli["heading"]>[0], environment: ChangedEnvironment): string {
  const { name, inherits, gate, approvals, reviewPolicy, unchanged } = environment;
  const policy = reviewPolicy === null ? "" : `, reviews by policy ${shortHash(reviewPolicy)}`;
  const from = inherits === null ? "inherits from nobody" : `inherits from ${inherits}`;
  return [
    cli.heading(house, name),
    `${name} ${from}, asks for evidence: ${gate}, approvals: ${approvals}${policy}${unchanged ? " (as before)" : ""}.`,
  ].join("\n");
}
