/** `colophon candidate`: texts that are proposed, and not versions yet. */
import { addCandidate, type CandidateRow, listCandidates, promoteCandidate } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { oneOf } from "../evaluation/gate-flags.ts";
import { fileName, readPromptValue } from "../read-document.ts";
import { candidateOf, keyAlone } from "../read-flags.ts";
import { shortHash, shortTime, textTable } from "../text-table.ts";

export function addCandidateCommands(program: Command, cli: Cli): void {
  const candidate = addCommand(program, {
    usage: "candidate",
    summary: "proposed texts: add one, list them, make a version of one; none is ever released by it",
    example: "colophon candidate list support.triage",
  });
  addAdd(candidate, cli);
  addList(candidate, cli);
  addPromote(candidate, cli);
}

interface AddFlags extends GlobalFlags {
  readonly rationale?: string;
  readonly origin: string;
  readonly parent?: string;
}

/** What a person may say; the others are for optimisers. */
const ORIGINS = ["human", "external", "feedback"] as const;

function addAdd(candidate: Command, cli: Cli): void {
  addCommand(candidate, {
    usage: "add <key> <file>",
    summary: "propose the text of a prompt file (- reads standard input)",
    example: 'colophon candidate add support.triage idea.yaml --rationale "names the labels"',
  })
    .option("--rationale <text>", "why it should be better (needed)")
    .option("--origin <origin>", ORIGINS.join(", "), "human")
    .option("--parent <text>", "what it was made from: v7 or c2 (the newest version unless given)")
    .action(async (...[argument, path, , command]: readonly [string, string, object, Command]) => {
      const flags = flagsOf<AddFlags>(command);
      const key = keyAlone(argument);
      const { rationale = "", parent } = flags;
      const origin = oneOf(flags.origin, ORIGINS, "--origin");
      const file = fileName(path);
      const value = await readPromptValue(path, cli.io, key);
      await cli.change(flags, async (house) => {
        const added = await addCandidate(house, { key, value, file, rationale, origin, parent });
        cli.answer(flags, added, () => `${cli.heading(house, null)}\n${addedSentence(added)}`);
      });
    });
}

function addedSentence(added: Awaited<ReturnType<typeof addCandidate>>): string {
  const { key, candidate, version, hash, created } = added;
  if (created)
    return `Added ${key}@c${candidate} (${shortHash(hash)}). Next: colophon gate ${key}@c${candidate}`;
  const name = candidate === null ? `v${version}` : `c${candidate}`;
  return `This text is ${key}@${name} already (${shortHash(hash)}): no new candidate.`;
}

function addList(candidate: Command, cli: Cli): void {
  addCommand(candidate, {
    usage: "list <key>",
    summary: "the candidates of a prompt, newest first, with what became of each",
    example: "colophon candidate list support.triage",
  }).action(async (argument: string, _options: object, command: Command) => {
    const flags = flagsOf<GlobalFlags>(command);
    const key = keyAlone(argument);
    await cli.ask(flags, async (house) => {
      const rows = await listCandidates(house, key);
      cli.list(flags, rows, () =>
        [
          cli.heading(house, null),
          rows.length === 0 ? `${key} has no candidates.` : candidateTable(cli, rows),
        ].join("\n"),
      );
    });
  });
}

function candidateTable({ paint }: Cli, rows: readonly CandidateRow[]): string {
  return textTable(
    rows,
    [
      { title: "candidate", cell: ({ candidate }) => `c${candidate}` },
      { title: "hash", cell: ({ hash }) => shortHash(hash) },
      { title: "from", cell: ({ parent }) => parent },
      { title: "origin", cell: ({ origin }) => origin },
      { title: "at", cell: ({ at }) => shortTime(at) },
      { title: "by", cell: ({ by }) => by },
      { title: "gate", cell: ({ verdict }) => verdict },
      { title: "decided", cell: ({ decision }) => decision },
      { title: "version", cell: ({ version }) => (version === null ? null : `v${version}`) },
      { title: "rationale", cell: ({ rationale }) => rationale },
    ],
    paint,
  );
}

interface PromoteFlags extends GlobalFlags {
  readonly message?: string;
}

function addPromote(candidate: Command, cli: Cli): void {
  addCommand(candidate, {
    usage: "promote <key@cN>",
    summary: "make a version of a candidate; to serve it is a release",
    example: "colophon candidate promote support.triage@c3",
  })
    .option("--message <text>", "what changed, for the log; the candidate's rationale unless given")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<PromoteFlags>(command);
      const { key, candidate: number } = candidateOf(argument);
      const { message } = flags;
      if (message !== undefined && message.trim() === "") {
        throw new HarnessError("reason-missing", "--message is empty; say what changed, or leave it out.");
      }
      await cli.change(flags, async (house) => {
        const promoted = await promoteCandidate(house, { key, candidate: number, message });
        const { version, hash, unchanged } = promoted;
        const name = `${key}@v${version}`;
        cli.answer(flags, promoted, () =>
          [
            cli.heading(house, null),
            unchanged
              ? `${key}@c${number} is ${name} already (${shortHash(hash)}).`
              : `${key}@c${number} became ${name} (${shortHash(hash)}), which nothing serves yet. Next: colophon gate ${name}`,
          ].join("\n"),
        );
      });
    });
}
