/** Reads and writes the results of suites, one JSON file for each. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SUITES } from "../suites.ts";
import type { SuiteResult } from "./suite-result.ts";

/** Not under version control. */
export const RESULTS_FOLDER = fileURLToPath(new URL("../../results/", import.meta.url));

export function writeResult(folder: string, result: SuiteResult): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${result.suite}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

/** Those written before, in the order of the suites; none where there is no such folder. */
export function readResults(folder: string): readonly SuiteResult[] {
  mkdirSync(folder, { recursive: true });
  const files = new Set(readdirSync(folder));
  return SUITES.map(({ name }) => `${name}.json`)
    .filter((file) => files.has(file))
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as SuiteResult);
}
