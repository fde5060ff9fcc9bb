/** `colophon erase`: destroys what is known of a user, tenant or document. */
import { eraseSubject } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { requiredSubject, type SubjectFlags } from "../read-flags.ts";

export function addErase(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "erase",
    summary: "destroy a subject's id, key and contents; rows, chains and sums stand",
    example: "colophon erase --user ada",
  })
    .option("--user <id>", "this user")
    .option("--tenant <id>", "this tenant")
    .option("--document <id>", "this document")
    .action(async (_options: object, command: Command) => {
      const flags = flagsOf<GlobalFlags & SubjectFlags>(command);
      const subject = requiredSubject(flags, ["user", "tenant", "document"]);
      await cli.change(flags, async (house) => {
        const erased = await eraseSubject(house, subject);
        if (erased.waiting > 0) {
          cli.fail();
          cli.say(
            `${erased.waiting} running process(es) still hold rows beside the store; run the erasure again.`,
          );
        }
        if (!erased.compacted) {
          cli.fail();
          cli.say(
            "The files could not be compacted because somebody else holds the store; run the erasure again.",
          );
        }
        cli.answer(flags, erased, () =>
          [
            cli.heading(house, null),
            erased.known
              ? `Erased the ${subject.kind}: ${erased.executions} execution(s) are anonymous now, ${erased.contents} content(s) gone.`
              : `The store does not know that ${subject.kind}; nothing was there to erase.`,
          ].join("\n"),
        );
      });
    });
}
