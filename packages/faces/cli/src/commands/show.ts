/** `colophon show`: a prompt, its text, and the five answers about a version. */
import {
  type Answer,
  bodyText,
  checkEnvironment,
  type FiveAnswers,
  type ShownPrompt,
  type ShownReview,
  showPrompt,
  versionReference,
} from "@colophon/harness";
import { REVIEW_SEVERITIES } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import { declaredNames } from "../declared-names.ts";
import { shortHash, shortTime, textTable } from "../text-table.ts";

export function addShow(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "show <key[@vN]>",
    summary: "show a prompt or one version: text, and what speaks for it",
    example: "colophon show support.triage@v7",
  }).action(async (reference: string, _options: object, command: Command) => {
    const flags = flagsOf(command);
    const { key, version } = versionReference(reference);
    const environment = cli.environment(flags);
    await cli.ask(flags, async (house) => {
      await checkEnvironment(house, environment);
      const shown = await showPrompt(house, { key, version, environment });
      cli.answer(flags, shown, () => [cli.heading(house, environment), human(cli, shown)].join("\n"));
    });
  });
}

const QUESTIONS: readonly (readonly [keyof FiveAnswers, string])[] = [
  ["baseline", "against what baseline?"],
  ["evalSet", "on how large an eval set?"],
  ["canary", "was it canaried?"],
  ["rollback", "can it roll back?"],
  ["modelSwap", "tested on the model swap?"],
];

function human(cli: Cli, shown: ShownPrompt): string {
  const { key, purpose, owner, risk, tags, evalSet, live } = shown;
  const everywhere = Object.entries(live).map(([name, number]) => `${name} v${number}`);
  const facts = [
    `${cli.paint.bold(key)}  ${purpose ?? ""}`.trimEnd(),
    `owner ${owner ?? "–"} · risk ${risk} · tags ${tags.join(", ") || "–"} · eval set ${evalSet ?? "–"}`,
    `live: ${everywhere.join(", ") || "nowhere"} · ${shown.versions} version(s), ${shown.overrides} override(s)`,
  ];
  for (const [name, declared] of Object.entries(shown.declared)) {
    facts.push(`declared in ${name}: ${declaredNames(declared)}`);
  }
  if (shown.version === null) return [...facts, "No version yet."].join("\n");
  const { text, withdrawn, message } = shown;
  const rows = QUESTIONS.map(([name, question]) => ({ question, ...shown.questions[name] }));
  const columns = [
    { title: "question", cell: (row: Answer & { readonly question: string }) => row.question },
    { title: "answer", cell: (row: Answer) => row.answer },
    { title: "record", cell: (row: Answer) => row.record },
  ];
  return [
    ...facts,
    "",
    `${cli.paint.bold(`v${shown.version}`)} ${shortHash(shown.hash)} by ${[shown.author, ...shown.coAuthors].join(", ")}, ${shortTime(shown.at)}, from ${shown.source}${message === null ? "" : `: ${message}`}`,
    ...(withdrawn === null
      ? []
      : [cli.paint.red(`withdrawn ${shortTime(withdrawn.at)}: ${withdrawn.reason}`)]),
    ...(text === null ? [] : [`model ${text.model.provider}/${text.model.id}`, "", bodyText(text.body)]),
    "",
    textTable(rows, columns, cli.paint),
    reviewLine(shown.key, shown.version, shown.review),
  ].join("\n");
}

function reviewLine(key: string, version: number, review: ShownReview | null): string {
  if (review === null) return `not reviewed: colophon review ${key}@v${version}`;
  const { open, accepted, at, by, id } = review;
  const found = REVIEW_SEVERITIES.filter((severity) => open[severity] > 0)
    .map((severity) => `${open[severity]} ${severity}`)
    .join(", ");
  const more = accepted === 0 ? "" : `, ${accepted} accepted`;
  return `reviewed ${shortTime(at)} by ${by}: ${found === "" ? "nothing open" : `${found} open`}${more} (${id})`;
}
