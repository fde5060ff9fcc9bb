/** Measures evaluations at scale: what a case costs beside promptfoo, and the memory of a hundred thousand. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { machineFacts } from "../machine.ts";
import { temporaryFolder } from "../measure/temporary-folder.ts";
import { tableOf } from "../report/print-table.ts";
import { RESULTS_FOLDER, writeResult } from "../report/result-files.ts";
import type { SuiteResult } from "../report/suite-result.ts";
import { measureMemory } from "./measure-memory.ts";
import { measureOverhead } from "./measure-overhead.ts";
import { PROMPTFOO_VERSION } from "./promptfoo.ts";

const HELP = `Usage: npm run bench:eval [-- OPTIONS]

  --skip-promptfoo   Colophon alone
  --promptfoo DIR    where promptfoo ${PROMPTFOO_VERSION} is installed, or put and left (a temporary folder)
  --rounds N         runs of each size (5)
  --skip-memory      without the hundred thousand cases
  --quick            run everything briefly; the figures mean nothing
  --check            exit 1 when a budget is missed
  --out DIR          where the JSON goes (benchmarks/results)`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      "skip-promptfoo": { type: "boolean", default: false },
      "skip-memory": { type: "boolean", default: false },
      promptfoo: { type: "string" },
      rounds: { type: "string", default: "5" },
      quick: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      out: { type: "string", default: RESULTS_FOLDER },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const rounds = Number(values.rounds);
  if (!(Number.isSafeInteger(rounds) && rounds >= 1)) {
    throw new Error(`--rounds is "${values.rounds}"; give a whole number from 1.`);
  }
  const { path: folder } = temporaryFolder();
  const { quick } = values;
  const say = (message: string): void => console.error(`eval: ${message}`);
  const place = values.promptfoo ?? join(folder, "promptfoo");
  const overhead = await measureOverhead({
    folder,
    promptfoo: values["skip-promptfoo"] ? null : place,
    sizes: quick ? [50, 100] : [1_000, 5_000],
    rounds: quick ? 1 : rounds,
    say,
  });
  const memory = values["skip-memory"]
    ? []
    : await measureMemory({ folder, cases: quick ? 2_000 : 100_000, say });
  // A smoke test says nothing about budgets.
  const figures = [...overhead, ...memory].map((one) => (quick ? { ...one, ok: null } : one));
  const result: SuiteResult = {
    suite: "eval",
    quick,
    machine: machineFacts(new Date()),
    figures,
    notes: NOTES,
  };
  writeResult(values.out, result);
  console.log(tableOf(result));
  if (values.check && figures.some(({ ok }) => ok === false)) process.exitCode = 1;
}

const NOTES = [
  `promptfoo ${PROMPTFOO_VERSION} as its command line, with a provider in its own process; cache, telemetry, updates and log files are off, its database is on.`,
  "Colophon as a process that evaluates a set of its store with a caller in its own process; its import, once for a version of a set, is a process before it and told apart; ledger, kept answers, journal and score file are on.",
  "Both score three rules with 16 calls at once. Overhead per case is the slope between the two sizes, the median over the rounds.",
];

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
