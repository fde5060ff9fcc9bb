/** Runs a Node process to its end and says what it took. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ProcessToRun, runProcess } from "./run-process.ts";

const REPORT_USAGE = fileURLToPath(new URL("./report-usage.ts", import.meta.url));

export interface Usage {
  /** Milliseconds from start to end. */
  readonly took: number;
  /** Milliseconds of processor time, all threads together. */
  readonly busy: number;
  /** Peak of resident memory in bytes. */
  readonly peak: number;
}

/** @throws Error as `runProcess` does. */
export async function runMeasured(run: Omit<ProcessToRun, "command">): Promise<Usage> {
  const report = join(run.cwd, "usage.json");
  rmSync(report, { force: true });
  const took = await runProcess({
    ...run,
    command: process.execPath,
    args: ["--import", REPORT_USAGE, ...run.args],
    env: { ...run.env, BENCH_USAGE_FILE: report },
  });
  const { busy, peak } = JSON.parse(readFileSync(report, "utf8")) as Omit<Usage, "took">;
  return { took, busy, peak };
}
