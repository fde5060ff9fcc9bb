/** Holds the gate's statistics against their claims and prints the tables. */
import { printClaim } from "./claim-table.ts";
import { measureClaims } from "./measure-claims.ts";
import { FAST, FULL } from "./scale.ts";

const scale = process.argv.includes("--fast") ? FAST : FULL;
let held = true;
for (const table of measureClaims(scale)) {
  held &&= table.rows.every(({ holds }) => holds);
  console.log(`${printClaim(table)}\n`);
}
if (!held) {
  console.error("A claim does not hold; the rows that break it end in ✗.");
  process.exitCode = 1;
}
