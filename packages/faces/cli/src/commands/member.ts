/** `colophon member`: who is what in a project, and who is invited. */
import { grantRole, listMembers, type MemberRow, resetPassword, revokeRole } from "@colophon/harness";
import { HarnessError, MEMBER_ROLES } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import { oneOf } from "../evaluation/gate-flags.ts";
import { readPassword } from "../installation/read-password.ts";
import {
  askInstallation,
  changeInstallation,
  type PlaceFlags,
  placeHeading,
  placeOf,
  withPlace,
} from "../installation/visit-installation.ts";
import { shortTime, textTable } from "../text-table.ts";
import { addInvitationCommands } from "./member-invitation.ts";

export function addMember(program: Command, cli: Cli): void {
  const member = addCommand(program, {
    usage: "member",
    summary: "say who is what in a project, and invite people",
    example: "colophon member invite ada@example.com --role editor",
  });
  addList(member, cli);
  addGrant(member, cli);
  addRevoke(member, cli);
  addInvitationCommands(member, cli);
  addPassword(member, cli);
}

function addList(member: Command, cli: Cli): void {
  withPlace(
    addCommand(member, {
      usage: "list",
      summary: "list who has a role in the project, those of the whole installation too",
      example: "colophon member list",
    }),
  ).action(async (_options: object, command: Command) => {
    const flags = flagsOf<PlaceFlags>(command);
    await askInstallation(cli, flags, async (house) => {
      const project = placeOf(house, flags);
      const rows = await listMembers(house, { project });
      const columns = [
        { title: "e-mail", cell: (row: MemberRow) => row.email },
        { title: "name", cell: (row: MemberRow) => row.name },
        { title: "role", cell: (row: MemberRow) => row.role },
        { title: "project", cell: (row: MemberRow) => row.project ?? "all" },
        { title: "environment", cell: (row: MemberRow) => row.environment ?? "all" },
        { title: "since", cell: (row: MemberRow) => shortTime(row.grantedAt) },
      ];
      cli.list(
        flags,
        rows,
        () => `${placeHeading(cli, house, project)}\n${textTable(rows, columns, cli.paint)}`,
      );
    });
  });
}

function addGrant(member: Command, cli: Cli): void {
  withPlace(
    addCommand(member, {
      usage: "grant <email>",
      summary: "make a person something in the project, or with --env in one environment of it",
      example: "colophon member grant ada@example.com --role operator --env staging",
    }),
  )
    .requiredOption("--role <role>", MEMBER_ROLES.join(", "))
    .action(async (email: string, _options: object, command: Command) => {
      const flags = flagsOf<PlaceFlags & { readonly role: string }>(command);
      const role = oneOf(flags.role, MEMBER_ROLES, "--role");
      await changeInstallation(cli, flags, async (house) => {
        const place = { email, project: placeOf(house, flags), environment: flags.env ?? null };
        const granted = await grantRole(house, { ...place, role });
        cli.answer(flags, granted, () =>
          [
            placeHeading(cli, house, place.project),
            `${granted.email} is ${role} ${environmentWords(granted.environment)} now.`,
          ].join("\n"),
        );
      });
    });
}

function addRevoke(member: Command, cli: Cli): void {
  withPlace(
    addCommand(member, {
      usage: "revoke <email>",
      summary: "take back what a person is in the project, or with --env in one environment of it",
      example: "colophon member revoke ada@example.com --env staging",
    }),
  ).action(async (email: string, _options: object, command: Command) => {
    const flags = flagsOf<PlaceFlags>(command);
    await changeInstallation(cli, flags, async (house) => {
      const place = { email, project: placeOf(house, flags), environment: flags.env ?? null };
      const revoked = await revokeRole(house, place);
      cli.answer(flags, revoked, () =>
        [
          placeHeading(cli, house, place.project),
          `${revoked.email} is nothing ${environmentWords(revoked.environment)} any more.`,
        ].join("\n"),
      );
    });
  });
}

function addPassword(member: Command, cli: Cli): void {
  addCommand(member, {
    usage: "password <email>",
    summary: "give a person another password, at the machine with the database; read from standard input",
    example: "colophon member password ada@example.com < password.txt",
  }).action(async (email: string, _options: object, command: Command) => {
    const flags = flagsOf(command);
    const password = await readPassword(cli);
    await changeInstallation(cli, flags, async (house) => {
      if ("remote" in house) {
        throw new HarnessError(
          "usage",
          "A password is set at the machine with the database; behind a server, people change their own.",
        );
      }
      const changed = await resetPassword(house, { email, password });
      cli.answer(
        flags,
        changed,
        () => `${placeHeading(cli, house, null)}\n${changed.email} has a new password, and no open session.`,
      );
    });
  });
}

function environmentWords(environment: string | null): string {
  return environment === null ? "in all environments" : `in ${environment}`;
}
