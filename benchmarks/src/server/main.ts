/** Measures the server: requests, intake, propagation and memory, each with the processes that it takes. */
import { parseArgs } from "node:util";
import type { Figure } from "../figure.ts";
import { machineFacts } from "../machine.ts";
import { tableOf } from "../report/print-table.ts";
import { RESULTS_FOLDER, writeResult } from "../report/result-files.ts";
import type { SuiteResult } from "../report/suite-result.ts";
import { findPart, PARTS, type ServerPart } from "./server-parts.ts";

const HELP = `Usage: npm run bench:server [-- PART… OPTIONS]

${PARTS.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join("\n")}

  --minutes N    of each store in \`memory\` (10)
  --rows N       of the large store in \`reads\` (10,000,000)
  --quick        run everything briefly; the figures mean nothing
  --check        exit 1 when a budget is missed
  --out DIR      where the JSON goes (benchmarks/results)`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      minutes: { type: "string", default: "10" },
      rows: { type: "string", default: "10000000" },
      quick: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      out: { type: "string", default: RESULTS_FOLDER },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const { quick } = values;
  const minutes = Number(values.minutes);
  if (!(Number.isFinite(minutes) && minutes > 0)) {
    throw new Error(`--minutes is "${values.minutes}"; give a number above 0.`);
  }
  const rows = Number(values.rows);
  if (!(Number.isSafeInteger(rows) && rows >= 1000)) {
    throw new Error(`--rows is "${values.rows}"; give a whole number of at least 1000.`);
  }
  const parts: readonly ServerPart[] =
    positionals.length > 0 ? positionals.map(findPart) : PARTS.filter(({ isLong }) => isLong !== true);
  const machine = machineFacts(new Date());
  const crowd = `Servers, databases and those who ask are processes of their own and share ${machine.cores} cores.`;
  const missed: Figure[] = [];
  for (const part of parts) {
    const say = (message: string): void => console.error(`${part.name}: ${message}`);
    const measured = await part.measure({ quick, minutes, rows, say });
    // A smoke test says nothing about budgets.
    const figures = measured.map((one) => (quick ? { ...one, ok: null } : one));
    const notes = [crowd, ...part.notes];
    const result: SuiteResult = { suite: `server-${part.name}`, quick, machine, figures, notes };
    // At once: a part that fails must not take along what was measured for half an hour.
    writeResult(values.out, result);
    console.log(tableOf(result));
    missed.push(...figures.filter(({ ok }) => ok === false));
  }
  if (missed.length === 0) return;
  console.error(`\nBudgets not met:\n${missed.map(({ name }) => `  ${name}`).join("\n")}`);
  if (values.check) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
