/** Runs the benchmarks, prints a table for each suite and writes its figures as JSON. */
import { machineFacts } from "./machine.ts";
import { temporaryFolder } from "./measure/temporary-folder.ts";
import { type BenchArguments, HELP, readArguments } from "./read-arguments.ts";
import { markdownTable } from "./report/markdown-table.ts";
import { tableOf } from "./report/print-table.ts";
import { readResults, writeResult } from "./report/result-files.ts";
import type { SuiteResult } from "./report/suite-result.ts";
import { startSuite } from "./start-suite.ts";

async function main(): Promise<void> {
  const args = readArguments(process.argv.slice(2));
  if (args.help) console.log(HELP);
  else if (args.markdown) console.log(markdownTable(readResults(args.out)));
  else await measure(args);
}

async function measure({ suites, quick, rows, out, check }: BenchArguments): Promise<void> {
  const missed: string[] = [];
  const shared = temporaryFolder();
  for (const suite of suites) {
    const report = await startSuite({ name: suite, quick, rows, shared: shared.path }, (message) =>
      console.error(`${suite}: ${message}`),
    );
    // A smoke test says nothing about budgets.
    const figures = quick ? report.figures.map((figure) => ({ ...figure, ok: null })) : report.figures;
    const result: SuiteResult = { suite, quick, machine: machineFacts(new Date()), ...report, figures };
    writeResult(out, result);
    console.log(tableOf(result));
    missed.push(...figures.filter(({ ok }) => ok === false).map(({ name }) => `${suite}: ${name}`));
  }
  shared.remove();
  if (missed.length === 0) return;
  console.error(`\nBudgets not met:\n${missed.map((line) => `  ${line}`).join("\n")}`);
  if (check) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
