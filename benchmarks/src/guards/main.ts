/** Holds the guards' statistics against their claims, prints the tables and writes their figures as JSON. */
import { machineFacts } from "../machine.ts";
import { RESULTS_FOLDER, writeResult } from "../report/result-files.ts";
import { figuresOf, type GuardTable, holds, printTable } from "./guard-table.ts";
import { measureGuards } from "./measure-guards.ts";
import { FAST, FULL } from "./scale.ts";

const fast = process.argv.includes("--fast");
const tables: GuardTable[] = [];
for (const table of measureGuards(fast ? FAST : FULL)) {
  tables.push(table);
  console.log(`${printTable(table)}\n`);
}
writeResult(RESULTS_FOLDER, {
  suite: "guards",
  quick: fast,
  machine: machineFacts(new Date()),
  figures: tables.flatMap(figuresOf).filter(({ value }) => Number.isFinite(value)),
  notes: tables.map(({ title, claim, rows }) => `${title}: ${claim}: ${rows.every(holds)}`),
});
if (!tables.every(({ rows }) => rows.every(holds))) {
  console.error("A claim does not hold; the rows that break it end in ✗.");
  process.exitCode = 1;
}
