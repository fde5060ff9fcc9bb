/** `colophon member invite` and what follows it: who is invited, who is not any more, and coming in. */
import {
  acceptInvitation,
  type InvitationRow,
  invitePerson,
  listInvitations,
  withdrawInvitation,
} from "@colophon/harness";
import { MEMBER_ROLES } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { oneOf } from "../evaluation/gate-flags.ts";
import { expiryFlag } from "../installation/expiry-flag.ts";
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

export function addInvitationCommands(member: Command, cli: Cli): void {
  addInvite(member, cli);
  addInvitations(member, cli);
  addWithdraw(member, cli);
  addAccept(member, cli);
}

function addInvite(member: Command, cli: Cli): void {
  withPlace(
    addCommand(member, {
      usage: "invite <email>",
      summary: "invite a person; the token is shown this once",
      example: "colophon member invite ada@example.com --role editor --expires 3d",
    }),
  )
    .requiredOption("--role <role>", MEMBER_ROLES.join(", "))
    .option("--expires <when>", "how long the token opens, such as 3d, or until when; a week unless given")
    .action(async (email: string, _options: object, command: Command) => {
      const flags = flagsOf<PlaceFlags & { readonly role: string; readonly expires?: string }>(command);
      const role = oneOf(flags.role, MEMBER_ROLES, "--role");
      const expires = expiryFlag(flags.expires, cli.io.clock.now());
      await changeInstallation(cli, flags, async (house) => {
        const place = { email, project: placeOf(house, flags), environment: flags.env ?? null };
        const issued = await invitePerson(house, { ...place, role, ...expires });
        cli.answer(flags, issued, () =>
          [
            placeHeading(cli, house, place.project),
            `Invited ${issued.invitation.email} as ${role}, until ${shortTime(issued.invitation.expires)}. The token, shown this once:`,
            issued.token,
            `They come in with: colophon member accept TOKEN --name "…"`,
          ].join("\n"),
        );
      });
    });
}

function addInvitations(member: Command, cli: Cli): void {
  withPlace(
    addCommand(member, {
      usage: "invitations",
      summary: "list who is invited, and who came",
      example: "colophon member invitations",
    }),
  ).action(async (_options: object, command: Command) => {
    const flags = flagsOf<PlaceFlags>(command);
    await askInstallation(cli, flags, async (house) => {
      const project = placeOf(house, flags);
      const rows = await listInvitations(house, { project });
      const columns = [
        { title: "invitation", cell: (row: InvitationRow) => row.id },
        { title: "e-mail", cell: (row: InvitationRow) => row.email },
        { title: "role", cell: (row: InvitationRow) => row.role },
        { title: "environment", cell: (row: InvitationRow) => row.environment ?? "all" },
        { title: "by", cell: (row: InvitationRow) => row.invitedBy },
        { title: "until", cell: (row: InvitationRow) => shortTime(row.expires) },
        { title: "accepted", cell: (row: InvitationRow) => shortTime(row.acceptedAt) },
      ];
      cli.list(
        flags,
        rows,
        () => `${placeHeading(cli, house, project)}\n${textTable(rows, columns, cli.paint)}`,
      );
    });
  });
}

function addWithdraw(member: Command, cli: Cli): void {
  withPlace(
    addCommand(member, {
      usage: "withdraw <invitation>",
      summary: "close an invitation that nobody has accepted",
      example: "colophon member withdraw 019cf6e1-aa00-7000-8000-000000000000",
    }),
  ).action(async (id: string, _options: object, command: Command) => {
    const flags = flagsOf<PlaceFlags>(command);
    await changeInstallation(cli, flags, async (house) => {
      const project = placeOf(house, flags);
      const withdrawn = await withdrawInvitation(house, { id, project });
      cli.answer(flags, withdrawn, () =>
        [placeHeading(cli, house, project), `${withdrawn.email} is not invited any more.`].join("\n"),
      );
    });
  });
}

function addAccept(member: Command, cli: Cli): void {
  addCommand(member, {
    usage: "accept <token>",
    summary: "come in by an invitation; a new person's password is read from standard input",
    example: 'colophon member accept inv_… --name "Ada" < password.txt',
  })
    .option("--name <name>", "your name, if you are new here")
    .action(async (token: string, _options: object, command: Command) => {
      const flags = flagsOf<GlobalFlags & { readonly name?: string }>(command);
      const { name } = flags;
      const newcomer = name === undefined ? {} : { name, password: await readPassword(cli) };
      await changeInstallation(cli, flags, async (house) => {
        const accepted = await acceptInvitation(house, { token, ...newcomer });
        cli.answer(flags, accepted, () =>
          [
            placeHeading(cli, house, accepted.project),
            `Welcome: ${accepted.email} is ${accepted.role} now.`,
          ].join("\n"),
        );
      });
    });
}
