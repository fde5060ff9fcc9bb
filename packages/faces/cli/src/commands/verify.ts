/** `colophon verify`: holds the store against its chains, seals and hashes. */
import { resolve } from "node:path";
import { type VerifyResult, verifyStore } from "@colophon/harness";
import type { Anchor } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import { readAnchor, writeAnchor } from "../anchor-file.ts";
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
      const file = flags.anchor === undefined ? null : resolve(cli.io.cwd, flags.anchor);
      const before = file === null ? null : readAnchor(file);
      await cli.ask(flags, async (house) => {
        const { anchor, ...report } = await verifyStore(house, file === null ? {} : { anchor: before });
        if (!report.ok) cli.fail();
        if (file !== null && anchor !== null) writeAnchor(file, anchor);
        const result = { ...report, anchor: file === null ? null : fateOf(before, anchor) };
        cli.answer(flags, result, () => [cli.heading(house, null), human(cli, result)].join("\n"));
      });
    });
}

interface Verified extends Omit<VerifyResult, "anchor"> {
  /** What became of the anchor's file; null when none was named. */
  readonly anchor: "written" | "renewed" | "kept" | null;
}

/** Renewed only when everything held. */
function fateOf(before: Anchor | null, after: Anchor | null): Verified["anchor"] {
  if (after === null) return "kept";
  return before === null ? "written" : "renewed";
}

function human(cli: Cli, result: Verified): string {
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
