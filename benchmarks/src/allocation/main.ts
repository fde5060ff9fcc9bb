/** Holds the allocation against the reference numbers, prints the tables and writes their figures as JSON. */
import { machineFacts } from "../machine.ts";
import { RESULTS_FOLDER, writeResult } from "../report/result-files.ts";
import { measureRegrets } from "./measure-regrets.ts";
import { holds, printRegrets, regretFigures } from "./regret-table.ts";
import { FAST, FULL } from "./scale.ts";

const fast = process.argv.includes("--fast");
const measured = [];
for (const part of measureRegrets(fast ? FAST : FULL)) {
  measured.push(part);
  console.log(`${printRegrets(part.table)}\n`);
}
console.log(
  "Regrets are sums over the calls of a run, means over runs ± their Monte-Carlo error; p95 is that of the effective regret.",
);
writeResult(RESULTS_FOLDER, {
  suite: "allocation",
  quick: fast,
  machine: machineFacts(new Date()),
  figures: measured.flatMap(({ problem, table }) => regretFigures(problem, table)),
  notes: [],
});
if (!measured.every(({ table }) => table.rows.every(holds))) {
  console.error("A regret is not what its reference allows; the rows end in ✗.");
  process.exitCode = 1;
}
