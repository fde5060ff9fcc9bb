/** Runs a program to its end and keeps what it said. */
import { spawn } from "node:child_process";

export interface ProgramRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** This process's variables without those by which npm, the test runner or Colophon would steer a program. */
export function plainEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const steering = /^(npm_|colophon_|openai_|vitest|init_cwd$|node_options$|node_env$)/i;
  const plain = Object.entries(process.env).filter(([name]) => !steering.test(name));
  return { ...Object.fromEntries(plain), NO_COLOR: "1", ...more };
}

export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env }: RunOptions,
): Promise<ProgramRun> {
  const child = spawn(program, args, { cwd, env: plainEnvironment(env), stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (stdout += part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
  return new Promise((settle, reject) => {
    child.on("error", reject);
    child.on("close", (code) => settle({ code, stdout, stderr }));
  });
}

/** Runs a program that must end well; what it said is in the error when it does not. */
export async function runWell(
  program: string,
  args: readonly string[],
  options: RunOptions,
): Promise<ProgramRun> {
  const run = await runProgram(program, args, options);
  if (run.code === 0) return run;
  throw new Error(`${program} ${args.join(" ")} ended with ${run.code}:\n${run.stdout}\n${run.stderr}`);
}
