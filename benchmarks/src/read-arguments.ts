/** Reads the command line of the benchmarks. */
import { parseArgs } from "node:util";
import { RESULTS_FOLDER } from "./report/result-files.ts";
import { SUITES } from "./suites.ts";

export interface BenchArguments {
  readonly suites: readonly string[];
  readonly quick: boolean;
  readonly check: boolean;
  readonly markdown: boolean;
  readonly help: boolean;
  readonly rows: number | null;
  readonly out: string;
}

export const HELP = `Usage: npm run bench [-- SUITE… OPTIONS]

${SUITES.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join("\n")}

  --quick      run everything briefly; the figures mean nothing
  --rows N     rows of the large store in \`at\` (10,000,000)
  --check      exit 1 when a budget is missed
  --markdown   print the figures written last as a Markdown table, without measuring
  --out DIR    where the JSON goes (benchmarks/results)`;

/** @throws Error with one sentence for a wrong argument. */
export function readArguments(args: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      markdown: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      rows: { type: "string" },
      out: { type: "string", default: RESULTS_FOLDER },
    },
  });
  const names = SUITES.map(({ name }) => name);
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`There is no suite "${unknown}"; there are ${names.join(", ")}.`);
  const { rows: given, ...rest } = values;
  const rows = given === undefined ? null : Number(given);
  if (rows !== null && !(Number.isSafeInteger(rows) && rows >= 1000)) {
    throw new Error(`--rows is "${given}"; give a whole number of at least 1000.`);
  }
  return { ...rest, rows, suites: positionals.length > 0 ? positionals : names };
}
