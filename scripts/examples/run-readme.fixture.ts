/** Runs the example of README.md as it stands, in an empty folder, against a simulated model. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { workFolder } from "./compile-examples.fixture.ts";

export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ReadmeRun {
  /** The folder that it ran in. */
  readonly folder: string;
  readonly result: ProgramResult;
  /** Runs the command line of this repository there. */
  colophon(...argv: readonly string[]): Promise<ProgramResult>;
  remove(): void;
}

export async function runReadme(
  root: string,
  code: string,
  model: { readonly baseUrl: string },
): Promise<ReadmeRun> {
  // The program stands where packages are found from, and runs where there is nothing.
  const programs = workFolder(root);
  const folder = mkdtempSync(join(tmpdir(), "colophon-readme-"));
  const program = join(programs, "readme.ts");
  writeFileSync(program, code);
  const env = { ...process.env, OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: "none" };
  for (const name of Object.keys(env)) if (name.startsWith("COLOPHON_")) Reflect.deleteProperty(env, name);
  const run = (argv: readonly string[]) => runProgram(argv, { cwd: folder, env });
  const cli = join(root, "packages/faces/cli/src/main.ts");
  return {
    folder,
    result: await run([program]),
    colophon: (...argv) => run([cli, ...argv]),
    remove() {
      rmSync(folder, { recursive: true, force: true });
      rmSync(programs, { recursive: true, force: true });
    },
  };
}

function runProgram(
  argv: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argv, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
