/** A process that adopts what is left in a folder of spools: `node sink-drainer.fixture.ts FILE SPOOL`. */
import { writeSync } from "node:fs";
import { drainSpools } from "../spool/drain-spools.ts";

const [file = "", spoolDir = ""] = process.argv.slice(2);
writeSync(1, "ready\n");
await new Promise((resolve) => process.stdin.once("data", resolve));
const { files, stored, duplicates, trouble } = await drainSpools({ file, spoolDir, timeout: 60_000 });
writeSync(1, JSON.stringify({ files, stored, duplicates, trouble: trouble?.message }));
process.exit();
