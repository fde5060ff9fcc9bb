/** Runs the command line on this process: its streams, its interrupts, its exit code. */
import { systemClock } from "@colophon/kernel";
import type { Output } from "./cli-io.ts";
import { runCli } from "./run-cli.ts";

/** A stream that nobody reads any more swallows the rest instead of throwing. */
function outputOf(stream: NodeJS.WriteStream): Output {
  let closed = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    closed = true;
    if (error.code !== "EPIPE") process.exitCode = 74;
  });
  return {
    write: (text) => {
      if (!closed) stream.write(text);
    },
    get isTTY() {
      return stream.isTTY === true;
    },
    ...(stream.isTTY === true ? { terminal: stream } : {}),
  };
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((done) => {
    stream.write("", () => done());
  });
}

let interrupted: AbortController | undefined;

/** Only commands that ask for it end their work in order; the second interrupt, and any other command, ends at once. */
function interrupts(): AbortSignal {
  if (interrupted === undefined) {
    const controller = new AbortController();
    interrupted = controller;
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort());
  }
  return interrupted.signal;
}

export async function runProcess(): Promise<void> {
  const { stdin, env } = process;
  const io = { stdout: outputOf(process.stdout), stderr: outputOf(process.stderr), stdin, env };
  const code = await runCli(process.argv.slice(2), {
    ...io,
    cwd: process.cwd(),
    clock: systemClock,
    get signal() {
      return interrupts();
    },
  });
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // Keep-alive sockets of model clients must not hold the process.
  process.exit(process.exitCode ?? code);
}
