/** A Node process that is told its job as JSON and answers line by line, as JSON or words. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface ProcessToStart {
  readonly file: URL;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** How it is told to end: by a signal, or by the end of its input. */
  readonly endsBy: "signal" | "input";
}

export interface StartedProcess {
  /** The next line. @throws Error when it ends before, with the last that it wrote. */
  next(): Promise<string>;
  /** Resolves when it has ended. */
  end(): Promise<void>;
}

export function startProcess({ file, args, cwd, env, endsBy }: ProcessToStart): StartedProcess {
  const child = spawn(process.execPath, [fileURLToPath(file), ...args], {
    cwd,
    env: { ...process.env, NODE_NO_WARNINGS: "1", NO_COLOR: "1", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString("utf8")}`.slice(-2_000);
  });
  const kill = (): void => void child.kill("SIGKILL");
  // Who ends with its input hears of this process's end by itself, and may have to put something away.
  if (endsBy === "signal") process.once("exit", kill);
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async next() {
      const { done, value } = await lines.next();
      if (done !== true) return value;
      await closed;
      throw new Error(`${fileURLToPath(file)} ended too early:\n${complaint}`);
    },
    async end() {
      child.stdin.end();
      if (endsBy === "signal") child.kill("SIGTERM");
      await closed;
      process.off("exit", kill);
    },
  };
}

/** Starts a process, waits for its one answer and its end. */
export async function runJob<T>(file: URL, job: object): Promise<T> {
  const started = startProcess({ file, args: [JSON.stringify(job)], endsBy: "input" });
  const answer = JSON.parse(await started.next()) as T;
  await started.end();
  return answer;
}
