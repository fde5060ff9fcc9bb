/** `colophon extract`: prompts out of the code, into declarations and prompt files. */
import { resolve } from "node:path";
import { type ExtractAnswer, proposeExtraction, writeExtraction } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { oneOf } from "../evaluation/gate-flags.ts";
import { extractText } from "../extract/extract-text.ts";
import { parseText, readText } from "../read-document.ts";
import { writeOutput } from "../write-output.ts";

interface ExtractFlags extends GlobalFlags {
  readonly only?: readonly string[];
  readonly to?: string;
  readonly dir?: string;
  readonly output?: string;
  readonly plan?: string;
  readonly write?: boolean;
  readonly allowDirty?: boolean;
}

const FORMS = ["code", "files"] as const;

export function addExtract(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "extract [path]",
    summary: "take prompts out of code: declarations, rewritten calls, prompt files; shown first",
    example:
      "colophon extract src\ncolophon extract src -o plan.json\ncolophon extract src --plan plan.json --write",
  })
    .option("--only <place>", "a FILE:LINE or an id, of a call or a finding; may be repeated", collect)
    .option("--to <form>", "code, or files for prompt files as well (else code; Python always gets files)")
    .option("--dir <folder>", "where prompt files go (else prompts)")
    .option("-o, --output <file>", "write a plan to be edited, and nothing else")
    .option("--plan <file>", "do what this plan says")
    .option("--write", "write the changes; without it they are shown")
    .option("--allow-dirty", "write although there are changes in no commit")
    .action(async (path: string | undefined, _options: object, command: Command) => {
      await extract(cli, path ?? ".", flagsOf<ExtractFlags>(command));
    });
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

async function extract(cli: Cli, path: string, flags: ExtractFlags): Promise<void> {
  const { only, dir, output, plan, write = false } = flags;
  if (output !== undefined && write) {
    throw new HarnessError("usage", "-o writes a plan and --write the changes; take one of them.");
  }
  const answer = await proposeExtraction({
    path,
    cwd: cli.io.cwd,
    ...(only === undefined ? {} : { only }),
    ...(dir === undefined ? {} : { dir }),
    ...(flags.to === undefined ? {} : { to: oneOf(flags.to, FORMS, "--to") }),
    ...(plan === undefined
      ? {}
      : { plan: { value: parseText(await readText(plan, cli.io), plan), source: plan } }),
  });
  if (output !== undefined) writeOutput(cli.io, output, `${JSON.stringify(answer.plan, null, 2)}\n`);
  if (write) {
    const own = plan === undefined ? {} : { plan: resolve(cli.io.cwd, plan) };
    await writeExtraction(answer, { allowDirty: flags.allowDirty === true, ...own });
  }
  const document = { ...documentOf(answer), written: write, plan: output ?? null };
  cli.answer(flags, document, () =>
    output === undefined
      ? extractText(cli.paint, { answer, path, written: write })
      : `${answer.proposals.length} prompt(s) are planned in ${output}. Edit keys and names there. Next: colophon extract ${path} --plan ${output} --write`,
  );
}

function documentOf(answer: ExtractAnswer) {
  const { base: _, plan: _plan, changes, ...rest } = answer;
  return {
    ...rest,
    changes: changes.map(({ file, before, after }) => ({ file, change: changeOf(before, after) })),
  };
}

function changeOf(before: string | null, after: string | null): "added" | "changed" | "removed" {
  if (before === null) return "added";
  return after === null ? "removed" : "changed";
}
