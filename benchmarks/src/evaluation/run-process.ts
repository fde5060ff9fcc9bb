/** Runs a process to its end and says how long it took, or why it failed. */
import { spawn } from "node:child_process";

export interface ProcessToRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that say that it did its work; 0 unless given. */
  readonly fine?: readonly number[];
}

/** Milliseconds from start to end. @throws Error with the last lines that it wrote. */
export function runProcess({ command, args, cwd, env, fine = [0] }: ProcessToRun): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, NODE_NO_WARNINGS: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const hear = (chunk: Buffer): void => {
      said = `${said}${chunk.toString("utf8")}`.slice(-2_000);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code !== null && fine.includes(code)) resolve(performance.now() - started);
      else reject(new Error(`${command} ${args.join(" ")} ended with ${signal ?? code}:\n${said}`));
    });
  });
}
