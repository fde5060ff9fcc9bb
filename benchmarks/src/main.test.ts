/** Tests that the benchmarks run, and that they write every figure; never how long anything took. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SuiteResult } from "./report/suite-result.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const SUITES = [
  "hot-path",
  "langfuse",
  "render",
  "record",
  "stream",
  "shadow",
  "telemetry",
  "ledger",
  "at",
  "costs",
  "memory",
];

const run = promisify(execFile);

describe("the benchmarks in quick mode", () => {
  const out = mkdtempSync(join(tmpdir(), "colophon-bench-test-"));
  let printed = "";

  beforeAll(async () => {
    const { stdout } = await run(process.execPath, [MAIN, "--quick", "--rows", "1000", "--out", out]);
    printed = stdout;
  }, 300_000);

  afterAll(() => rmSync(out, { recursive: true, force: true }));

  const resultOf = (suite: string): SuiteResult =>
    JSON.parse(readFileSync(join(out, `${suite}.json`), "utf8")) as SuiteResult;

  it("writes a file for each suite and no other", () => {
    expect(readdirSync(out).sort()).toEqual(SUITES.map((suite) => `${suite}.json`).sort());
  });

  it.each(SUITES)("gives every figure of %s as a finite number with its unit", (suite) => {
    const { figures, machine, quick } = resultOf(suite);
    expect(quick).toBe(true);
    expect(machine.cores).toBeGreaterThan(0);
    expect(machine.node).toBe(process.versions.node);
    expect(figures.length).toBeGreaterThan(3);
    expect(figures.filter(({ value, unit }) => !Number.isFinite(value) || unit === "")).toEqual([]);
    expect(new Set(figures.map(({ name }) => name)).size).toBe(figures.length);
  });

  it("prints a table for each suite and says that it means nothing", () => {
    for (const suite of SUITES) expect(printed).toContain(`\n${suite} (quick`);
  });

  it("prints what was written as one Markdown table", async () => {
    const { stdout } = await run(process.execPath, [MAIN, "--markdown", "--out", out]);
    const names = SUITES.flatMap((suite) => resultOf(suite).figures.map(({ name }) => name));
    for (const name of names) expect(stdout).toContain(`| ${name} |`);
  });

  it("names the suites there are when it is asked for another", async () => {
    await expect(run(process.execPath, [MAIN, "speed"])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no suite "speed"; there are hot-path, langfuse'),
    });
  });
});
