/** A process that opens a store in several modes, and prints what became of it: `node open-store.fixture.ts FILE MODE[@START] …`. */
import { errorCodeOf, systemClock } from "@colophon/kernel";
import { openSqliteCore } from "./open-sqlite-core.ts";
import type { StoreMode } from "./sqlite-core.ts";
import { verifyStore } from "./verify/verify-store.ts";

async function open(file: string, mode: StoreMode): Promise<unknown> {
  try {
    openSqliteCore({ file, mode, clock: systemClock }).close();
    const { records, findings } = await verifyStore({ file, clock: systemClock }, undefined);
    return { records, findings };
  } catch (error) {
    return errorCodeOf(error) ?? String(error);
  }
}

const [file = "", ...modes] = process.argv.slice(2);
const told: unknown[] = [];
for (const given of modes) {
  const [mode, start = "0"] = given.split("@");
  await new Promise((resolve) => setTimeout(resolve, Math.max(1, Number(start) - Date.now())));
  told.push(await open(file, mode as StoreMode));
}
console.log(JSON.stringify(told));
