/** `colophon verify`: holds the store against its chains, seals and hashes. */
import { resolve } from "node:path";
import { type VerifyResult, verifyStore } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { textTable } from "../text-table.ts";

export function addVerify(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "verify",
    summary: "find any altered, missing or reordered row, record, text or sum",
    example: "colophon verify --anchor colophon-anchor.json",
  })
    .option(
      "--anchor <file>",
      "heads kept outside the store: written when absent, else held against it and renewed",
    )
    .action(async (_options: object, command: Command) => {
      const flags = flagsOf<GlobalFlags & { readonly anchor?: string }>(command);
      const anchor = flags.anchor === undefined ? undefined : resolve(cli.io.cwd, flags.anchor);
      await cli.read(flags, async (harness) => {
        const result = await verifyStore(harness, { anchor });
        if (!result.ok) cli.fail();
        cli.answer(flags, result, () => [cli.heading(harness, null), human(cli, result)].join("\n"));
      });
    });
}

function human(cli: Cli, result: VerifyResult): string {
  const { records, texts, executions, outcomes, writers, seals, findings, ok, anchor } = result;
  const counted = `${records} records, ${texts} texts, ${executions} executions, ${outcomes} outcomes, ${writers} writers, ${seals} seals`;
  const lines = [`Looked at ${counted}.`];
  if (ok) lines.push(cli.paint.green("Everything is as it was written."));
  else {
    const columns = [
      { title: "finding", cell: (row: (typeof findings)[number]) => row.kind },
      { title: "where", cell: (row: (typeof findings)[number]) => row.where },
      { title: "what", cell: (row: (typeof findings)[number]) => row.message },
    ];
    lines.push(cli.paint.red(`${findings.length} finding(s):`), textTable(findings, columns, cli.paint));
  }
  if (anchor !== null) lines.push(`The anchor was ${anchor}.`);
  return lines.join("\n");
}
