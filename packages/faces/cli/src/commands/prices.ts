/** `colophon prices`: records negotiated prices, and shows what tokens cost. */
import {
  listPriceTables,
  type ModelPriceRow,
  type PriceTableRow,
  readInstant,
  type SetPricesResult,
  setPrices,
  showPrices,
} from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { readPriceFile, readPriceFlag } from "../read-price-file.ts";
import { shortHash, shortTime, textTable } from "../text-table.ts";

export function addPrices(program: Command, cli: Cli): void {
  const prices = addCommand(program, {
    usage: "prices",
    summary: "record negotiated prices, and show what tokens cost",
    example: 'colophon prices set prices.yaml --since 2026-01-01 --reason "contract of 2026"',
  });
  addSet(prices, cli);
  addList(prices, cli);
  addShow(prices, cli);
}

interface SetFlags extends GlobalFlags {
  readonly since?: string;
  readonly reason?: string;
}

function addSet(prices: Command, cli: Cli): void {
  addCommand(prices, {
    usage: "set <file>",
    summary: "record a table of prices from YAML or JSON (- reads standard input)",
    example: 'colophon prices set prices.yaml --since 2026-01-01 --reason "contract of 2026"',
  })
    .option("--since <iso>", "in force from this time on (now unless given); the past is priced anew")
    .option("--reason <text>", "why, for the log (needed)")
    .action(async (file: string, _options: object, command: Command) => {
      const flags = flagsOf<SetFlags>(command);
      const since = flags.since === undefined ? undefined : readInstant(flags.since, "--since");
      const given = await readPriceFile(file, cli.io);
      await cli.change(flags, async (house) => {
        const set = await setPrices(house, { prices: given, since, reason: flags.reason ?? "" });
        cli.answer(flags, set, () => `${cli.heading(house, null)}\n${sentence(set)}`);
      });
    });
}

function sentence({ name, hash, since, prices, replaced, unchanged }: SetPricesResult): string {
  const table = `${name} (${shortHash(hash)}, ${prices} ${prices === 1 ? "price" : "prices"})`;
  if (unchanged) return `${table} is in force since then already: nothing was recorded.`;
  const places = replaced.map(
    (old) =>
      `${old.name} ${shortHash(old.hash)} from ${shortTime(old.since)}${old.until === null ? "" : ` until ${shortTime(old.until)}`}`,
  );
  const instead = places.length === 0 ? "" : ` It takes the place of ${places.join(", ")}.`;
  return `${table} is in force from ${shortTime(since)} on.${instead}`;
}

function addList(prices: Command, cli: Cli): void {
  addCommand(prices, {
    usage: "list",
    summary: "list what prices come from, in the order in which it is asked",
    example: "colophon prices list",
  }).action(async (_options: object, command: Command) => {
    const flags = flagsOf(command);
    await cli.ask(flags, async (house) => {
      const rows = await listPriceTables(house);
      const columns = [
        { title: "from", cell: (row: PriceTableRow) => row.kind.replace("-", " ") },
        { title: "name", cell: (row: PriceTableRow) => row.name },
        { title: "hash", cell: (row: PriceTableRow) => shortHash(row.hash) },
        { title: "prices", cell: (row: PriceTableRow) => row.prices, align: "right" as const },
        { title: "since", cell: (row: PriceTableRow) => shortTime(row.since) },
        { title: "until", cell: (row: PriceTableRow) => shortTime(row.until) },
        { title: "status", cell: (row: PriceTableRow) => row.status.replace("-", " ") },
        { title: "reason", cell: (row: PriceTableRow) => row.reason },
        { title: "by", cell: (row: PriceTableRow) => row.by },
      ];
      cli.list(flags, rows, () => `${cli.heading(house, null)}\n${textTable(rows, columns, cli.paint)}`);
    });
  });
}

function addShow(prices: Command, cli: Cli): void {
  addCommand(prices, {
    usage: "show [model]",
    summary:
      "show what a model's tokens cost now; without one, those of the models called in the last 30 days",
    example: "colophon prices show openai/gpt-5-mini",
  })
    .option("--prices <file>", "prices that come before all others, as in prices.yaml")
    .action(async (model: string | undefined, _options: object, command: Command) => {
      const flags = flagsOf<GlobalFlags & { readonly prices?: string }>(command);
      const given = await readPriceFlag(flags.prices, cli.io);
      await cli.ask(flags, async (house) => {
        const rows = await showPrices(house, { model, prices: given });
        cli.list(flags, rows, () => `${cli.heading(house, null)}\n${priceText(cli, rows)}`);
      });
    });
}

function priceText(cli: Cli, rows: readonly ModelPriceRow[]): string {
  if (rows.length === 0)
    return "No model was called in the last 30 days; name one such as openai/gpt-5-mini.";
  const priced = ({ currency }: ModelPriceRow): boolean => currency !== null;
  const price = (kind: "input" | "cacheRead" | "cacheWrite" | "output" | "reasoning" | "call") => ({
    title: TITLES[kind],
    cell: (row: ModelPriceRow) => (kind === "call" && row.call === 0 ? null : row[kind]),
    align: "right" as const,
  });
  const table = textTable(
    rows,
    [
      { title: "model", cell: (row) => row.model },
      { title: "host", cell: (row) => row.host },
      { title: "from input tokens", cell: (row) => (row.from === 0 ? null : row.from), align: "right" },
      { title: "currency", cell: (row) => (priced(row) ? row.currency : "no price") },
      ...(["input", "cacheRead", "cacheWrite", "output", "reasoning", "call"] as const).map(price),
      {
        title: "from",
        cell: (row) => row.tables.map(({ name, hash }) => `${name} ${shortHash(hash)}`).join(", "),
      },
    ],
    cli.paint,
  );
  return `${table}\nPer million tokens; a kind without a price costs what fresh input or output does.`;
}

const TITLES = {
  input: "input",
  cacheRead: "cache read",
  cacheWrite: "cache write",
  output: "output",
  reasoning: "reasoning",
  call: "per call",
} as const;
