/** `colophon key`: issues, rotates and revokes the keys of applications and scripts. */
import { createKey, type KeyRow, listKeys, type NewKey, revokeKey, rotateKey } from "@colophon/harness";
import { HarnessError, SCOPES, type Scope } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import { oneOf } from "../evaluation/gate-flags.ts";
import { expiryFlag } from "../installation/expiry-flag.ts";
import {
  askInstallation,
  changeInstallation,
  type PlaceFlags,
  placeHeading,
  placeOf,
  withPlace,
} from "../installation/visit-installation.ts";
import { durationFlag } from "../read-flags.ts";
import { shortTime, textTable } from "../text-table.ts";

/** What keys may open; approving is for people. */
const KEY_SCOPES = SCOPES.filter((scope) => scope !== "review");

export function addKey(program: Command, cli: Cli): void {
  const key = addCommand(program, {
    usage: "key",
    summary: "issue, rotate and revoke keys of applications and scripts",
    example: "colophon key create shop --scopes resolve,record",
  });
  addCreate(key, cli);
  addRotate(key, cli);
  addRevoke(key, cli);
  addList(key, cli);
}

interface CreateFlags extends PlaceFlags {
  readonly scopes: string;
  readonly environments?: string;
  readonly expires?: string;
}

function addCreate(key: Command, cli: Cli): void {
  withPlace(
    addCommand(key, {
      usage: "create <name>",
      summary: "issue a key; its secret is shown this once",
      example: "colophon key create shop --scopes resolve,record --environments production --expires 90d",
    }),
  )
    .requiredOption("--scopes <scopes>", `with commas between: ${KEY_SCOPES.join(", ")}`)
    .option("--environments <names>", "with commas between; all of them unless given")
    .option("--expires <when>", "how long it opens, such as 90d, or until when; for good unless given")
    .action(async (name: string, _options: object, command: Command) => {
      const flags = flagsOf<CreateFlags>(command);
      const scopes: readonly Scope[] = wordsOf(flags.scopes).map((scope) =>
        oneOf(scope, KEY_SCOPES, "--scopes"),
      );
      const environments = flags.environments === undefined ? undefined : wordsOf(flags.environments);
      const expires = expiryFlag(flags.expires, cli.io.clock.now());
      await changeInstallation(cli, flags, async (house) => {
        const project = placeOf(house, flags);
        const asked = { name, project, scopes, ...expires };
        const made = await createKey(house, environments === undefined ? asked : { ...asked, environments });
        cli.answer(flags, made, () => `${placeHeading(cli, house, project)}\n${secretWords(made)}`);
      });
    });
}

function addRotate(key: Command, cli: Cli): void {
  withPlace(
    addCommand(key, {
      usage: "rotate <id>",
      summary: "issue a key in place of another, which goes on for a while",
      example: "colophon key rotate key-0123456789abcdef --grace 7d",
    }),
  )
    .option("--grace <duration>", "how long the old one goes on, such as 7d; a day unless given")
    .action(async (id: string, _options: object, command: Command) => {
      const flags = flagsOf<PlaceFlags & { readonly grace?: string }>(command);
      const grace = flags.grace === undefined ? {} : { graceMs: durationFlag(flags.grace, "--grace") };
      await changeInstallation(cli, flags, async (house) => {
        const project = placeOf(house, flags);
        const made = await rotateKey(house, { id, project, ...grace });
        cli.answer(flags, made, () => `${placeHeading(cli, house, project)}\n${secretWords(made)}`);
      });
    });
}

function addRevoke(key: Command, cli: Cli): void {
  withPlace(
    addCommand(key, {
      usage: "revoke <id>",
      summary: "end a key; servers hear of it within seconds",
      example: "colophon key revoke key-0123456789abcdef",
    }),
  ).action(async (id: string, _options: object, command: Command) => {
    const flags = flagsOf<PlaceFlags>(command);
    await changeInstallation(cli, flags, async (house) => {
      const project = placeOf(house, flags);
      const revoked = await revokeKey(house, { id, project });
      cli.answer(flags, revoked, () =>
        [placeHeading(cli, house, project), `${revoked.id} (${revoked.name}) opens nothing any more.`].join(
          "\n",
        ),
      );
    });
  });
}

function addList(key: Command, cli: Cli): void {
  withPlace(
    addCommand(key, { usage: "list", summary: "list the keys of the project", example: "colophon key list" }),
  ).action(async (_options: object, command: Command) => {
    const flags = flagsOf<PlaceFlags>(command);
    await askInstallation(cli, flags, async (house) => {
      const project = placeOf(house, flags);
      const rows = await listKeys(house, { project });
      const columns = [
        { title: "key", cell: (row: KeyRow) => row.id },
        { title: "name", cell: (row: KeyRow) => row.name },
        { title: "scopes", cell: (row: KeyRow) => row.scopes.join(" ") },
        { title: "environments", cell: (row: KeyRow) => row.environments?.join(" ") ?? "all" },
        { title: "by", cell: (row: KeyRow) => row.createdBy },
        { title: "last used", cell: (row: KeyRow) => shortTime(row.lastUsedAt) },
        { title: "expires", cell: (row: KeyRow) => shortTime(row.expires) },
        { title: "revoked", cell: (row: KeyRow) => shortTime(row.revokedAt) },
      ];
      cli.list(
        flags,
        rows,
        () => `${placeHeading(cli, house, project)}\n${textTable(rows, columns, cli.paint)}`,
      );
    });
  });
}

/** @throws HarnessError `usage` for an empty list. */
function wordsOf(text: string): readonly string[] {
  const words = text.split(",").map((word) => word.trim());
  if (words.every((word) => word !== "")) return words;
  throw new HarnessError("usage", `"${text}" is no list; write words with commas between.`);
}

function secretWords({ key, secret }: NewKey): string {
  const until = key.expires === null ? "for good" : `until ${shortTime(key.expires)}`;
  const where = key.environments === null ? "" : ` in ${key.environments.join(", ")}`;
  return [
    `${key.id} (${key.name}) opens ${key.scopes.join(", ")}${where} ${until}. Its secret, shown this once:`,
    secret,
  ].join("\n");
}
