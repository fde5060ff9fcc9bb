/** `colophon register`: makes a version out of a file, or out of what code declared. */
import { resolve } from "node:path";
import {
  checkEnvironment,
  findCommit,
  type RegisteredVersion,
  registerDeclared,
  registerPrompt,
} from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { fileName, readPromptValue } from "../read-document.ts";
import { keyAlone } from "../read-flags.ts";
import { shortHash, textTable } from "../text-table.ts";

interface RegisterFlags extends GlobalFlags {
  readonly declared?: boolean;
  readonly message?: string;
}

export function addRegister(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "register [file]",
    summary: "make a version of a prompt from a .prompt file, JSON or YAML (- reads standard input)",
    example:
      "colophon register prompts/triage.yaml\ncolophon register --declared support.triage --env staging",
  })
    .option("--declared", "number the text that code declared last in the environment; the argument is a key")
    .option("--message <text>", "what changed, for the log")
    .action(async (file: string | undefined, options: RegisterFlags, command: Command) => {
      const flags = flagsOf<RegisterFlags>(command);
      if (options.declared === true) await declared(cli, file, flags);
      else await fromFile(cli, file, flags);
    });
}

async function fromFile(cli: Cli, file: string | undefined, flags: RegisterFlags): Promise<void> {
  if (file === undefined) {
    throw new HarnessError(
      "usage",
      "Nothing is named; give a file, - for standard input, or --declared [KEY].",
    );
  }
  const name = fileName(file);
  const value = await readPromptValue(file, cli.io);
  const commit = file === "-" ? null : await findCommit(resolve(cli.io.cwd, file));
  const environment = cli.environment(flags);
  await cli.change(flags, async (house) => {
    await checkEnvironment(house, environment);
    const registered = await registerPrompt(house, { value, file: name, message: flags.message, commit });
    cli.answer(
      flags,
      registered,
      () => `${cli.heading(house, environment)}\n${sentence(registered, environment)}`,
    );
  });
}

async function declared(cli: Cli, key: string | undefined, flags: RegisterFlags): Promise<void> {
  const environment = cli.environment(flags);
  const only = key === undefined ? undefined : keyAlone(key);
  await cli.change(flags, async (house) => {
    const rows = await registerDeclared(house, { environment, key: only, message: flags.message });
    const columns = [
      { title: "prompt", cell: (row: RegisteredVersion) => row.key },
      { title: "version", cell: (row: RegisteredVersion) => `v${row.version}` },
      { title: "hash", cell: (row: RegisteredVersion) => shortHash(row.hash) },
      { title: "new", cell: (row: RegisteredVersion) => (row.created ? "yes" : "no") },
    ];
    cli.list(flags, rows, () => `${cli.heading(house, environment)}\n${textTable(rows, columns, cli.paint)}`);
  });
}

function sentence(registered: RegisteredVersion, environment: string): string {
  const { key, version, hash, created, metadataChanged } = registered;
  const metadata = metadataChanged && version > 1 ? " Its metadata changed." : "";
  return created
    ? `Registered ${key}@v${version} (${shortHash(hash)}).${metadata} Next: colophon release ${key}@v${version} --env ${environment} --reason TEXT`
    : `${key}@v${version} (${shortHash(hash)}) is there already: no new version.${metadata}`;
}
