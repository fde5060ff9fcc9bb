/** Keeps the findings that a team knows in a file beside its code. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Baseline, Finding } from "@colophon/authoring/scan";
import { HarnessError } from "@colophon/kernel";

export interface BaselinePlace {
  /** As a person has named it. */
  readonly file: string;
  readonly cwd: string;
}

/**
 * @throws HarnessError `usage` where it cannot be read, `input-malformed` where it is no baseline.
 * @example
 * import { scanPaths } from "@colophon/harness";
 * const baseline = await readBaselineFile({ file: "prompts.baseline.json", cwd: process.cwd() });
 * const { baseline: compared } = await scanPaths({ paths: ["."], cwd: process.cwd(), baseline });
 */
export async function readBaselineFile({ file, cwd }: BaselinePlace): Promise<Baseline> {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), "utf8");
  } catch (cause) {
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw new HarnessError(
      "usage",
      `${file} cannot be read (${code}); write it first with \`colophon scan --write-baseline ${file}\`.`,
      { cause },
    );
  }
  const { readBaseline } = await import("@colophon/authoring/scan");
  return readBaseline(parsed(text), file);
}

/** What is no JSON is no baseline either, and is told as that. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Replaces the file as a whole: another process never reads half of it.
 *
 * @returns how many texts it holds.
 * @throws HarnessError `usage` where it cannot be written.
 * @example
 * import { scanPaths } from "@colophon/harness";
 * const { findings } = await scanPaths({ paths: ["."], cwd: process.cwd() });
 * await writeBaselineFile({ file: "prompts.baseline.json", cwd: process.cwd() }, findings);
 */
export async function writeBaselineFile(
  { file, cwd }: BaselinePlace,
  findings: readonly Finding[],
): Promise<number> {
  const { baselineOf } = await import("@colophon/authoring/scan");
  const baseline = baselineOf(findings);
  const path = resolve(cwd, file);
  try {
    writeFileSync(`${path}.new`, `${JSON.stringify(baseline, null, 2)}\n`);
    renameSync(`${path}.new`, path);
  } catch (cause) {
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw new HarnessError("usage", `${file} cannot be written (${code}); name another file.`, { cause });
  }
  return baseline.findings.length;
}
