/** The one command for people and CI: every check of the project in turn, then the tests, then their counts in the last line. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { countTests, type TestCounts } from "./test-counts.ts";

interface Step {
  readonly title: string;
  readonly file: string;
  readonly args: readonly string[];
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const CHECKS: readonly Step[] = [
  {
    title: "Format and lint",
    file: "node_modules/@biomejs/biome/bin/biome",
    args: ["ci", "--error-on-warnings", "."],
  },
  { title: "Types", file: "node_modules/typescript/bin/tsc", args: ["-b"] },
  { title: "House check", file: "scripts/house-check.ts", args: [] },
  {
    title: "Unused code and dependencies",
    file: "node_modules/knip/bin/knip.js",
    args: ["--no-progress", "--no-config-hints"],
  },
];

/** Runs one step with this terminal as its own; true when it ended well. */
function runStep({ title, file, args }: Step, more: Readonly<Record<string, string>> = {}): Promise<boolean> {
  console.log(`\n── ${title} ──`);
  const env = { ...process.env, ...more };
  const child = spawn(process.execPath, [join(root, file), ...args], { cwd: root, stdio: "inherit", env });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on("SIGTERM", forward).on("SIGINT", forward);
  return new Promise((settle) => {
    const end = (well: boolean) => {
      process.off("SIGTERM", forward).off("SIGINT", forward);
      settle(well);
    };
    child.on("error", (error) => {
      console.error(error.message);
      end(false);
    });
    child.on("exit", (code) => end(code === 0));
  });
}

async function runTests(paths: readonly string[]): Promise<TestCounts> {
  const folder = mkdtempSync(join(tmpdir(), "colophon-test-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const step = {
    title: "Tests",
    file: "node_modules/vitest/vitest.mjs",
    args: ["run", ...reporters, ...paths],
  };
  try {
    // Tests start hundreds of processes on the same sources: compiled once, each starts in half the time.
    const endedWell = await runStep(step, { NODE_COMPILE_CACHE: join(folder, "compiled") });
    return countTests(readReport(report), endedWell);
  } finally {
    // A process that a test left behind may still be putting away what it compiled.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

async function runChecks(): Promise<boolean> {
  for (const [at, step] of CHECKS.entries()) {
    if (await runStep(step)) continue;
    const rest = [...CHECKS.slice(at + 1).map(({ title }) => title), "Tests"].join(", ");
    console.log(`\nFailed: ${step.title} (counted below as 1 failed). Not run: ${rest}.`);
    return false;
  }
  return true;
}

const paths = process.argv.slice(2);
const checksPassed = paths.length > 0 || (await runChecks());
const counts = checksPassed ? await runTests(paths) : { passed: 0, failed: 1, skipped: 0 };
if (checksPassed && paths.length === 0)
  console.log(`\nPassed: ${CHECKS.map(({ title }) => title).join(", ")}.`);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
if (counts.failed > 0) process.exitCode = 1;
