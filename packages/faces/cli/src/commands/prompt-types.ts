/** `colophon types`: writes TypeScript declarations of what prompts take and give. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { findPromptFolder, typesOfFolder, typesOfRegistry, type WrittenTypes } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { writeOutput } from "../write-output.ts";

interface TypesFlags extends GlobalFlags {
  readonly dir?: string;
  readonly registry?: boolean;
  readonly output?: string;
  readonly check?: boolean;
}

export function addTypes(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "types",
    summary: "write TypeScript declarations of prompts' variables and answers, by key and version",
    example: "colophon types -o src/prompts.d.ts\ncolophon types --registry -o src/prompts.d.ts --check",
  })
    .option("--dir <folder>", "from the prompt files there; else from the nearest prompts/ upward")
    .option("--registry", "from every version in the registry; so with --store too")
    .option("-o, --output <file>", "the file to write (needed)")
    .option("--check", "write nothing; end with 1 if the file is not what would be written")
    .action(async (_options: object, command: Command) => {
      const flags = flagsOf<TypesFlags>(command);
      const { output, dir, registry = false, check = false } = flags;
      if (output === undefined) throw new HarnessError("usage", "No file is named; add -o FILE.");
      if (dir !== undefined && registry) {
        throw new HarnessError("usage", "--dir and --registry are two places; keep one of them.");
      }
      refuseHidden(cli, output);
      const written = await writtenTypes(cli, flags, output);
      const isChanged = written.text !== currentText(cli, output);
      if (check && isChanged) cli.fail();
      if (!check && isChanged) writeOutput(cli.io, output, written.text);
      if (written.without.length > 0) {
        cli.say(
          `Left out, since the file is no version yet (\`colophon push\`): ${written.without.join(", ")}.`,
        );
      }
      const { text: _, ...counts } = written;
      cli.answer(flags, { file: output, ...counts, changed: isChanged }, () =>
        sentence({ output, written, isChanged, check }),
      );
    });
}

/** The store's address is not part of the file: it may hold a password. */
async function writtenTypes(cli: Cli, flags: TypesFlags, output: string): Promise<WrittenTypes> {
  const { dir, registry = false, store } = flags;
  if (registry || (store !== undefined && dir === undefined)) {
    return cli.ask(flags, (house) => typesOfRegistry(house, `colophon types --registry -o ${output}`));
  }
  const named = dir === undefined ? "" : ` --dir ${dir}`;
  return typesOfFolder(findPromptFolder(cli.io.cwd, dir), `colophon types${named} -o ${output}`);
}

/** TypeScript reads `x.ts` in the place of an `x.d.ts` beside it, and says nothing of it. */
function refuseHidden({ io }: Cli, file: string): void {
  const source = file.replace(/\.d\.([cm]?ts)$/, ".$1");
  if (source === file) return;
  const hiding = [source, source.replace(/\.ts$/, ".tsx")].find((one) => existsSync(resolve(io.cwd, one)));
  if (hiding === undefined) return;
  throw new HarnessError(
    "usage",
    `TypeScript would not read ${file}, since ${hiding} lies beside it; name another file.`,
  );
}

function currentText({ io }: Cli, file: string): string | null {
  const path = resolve(io.cwd, file);
  if (!existsSync(path)) return null;
  try {
    return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  } catch (cause) {
    throw new HarnessError("usage", `${file} cannot be read; name a file that can be.`, { cause });
  }
}

interface Outcome {
  readonly output: string;
  readonly written: WrittenTypes;
  readonly isChanged: boolean;
  readonly check: boolean;
}

function sentence({ output, written: { prompts, versions }, isChanged, check }: Outcome): string {
  const what = `${versions} version(s) of ${prompts} prompt(s)`;
  if (!isChanged) return `${output} is up to date with ${what}.`;
  return check
    ? `${output} is not what ${what} would make it: run \`colophon types\` as its first line says.`
    : `Wrote ${what} to ${output}.`;
}
