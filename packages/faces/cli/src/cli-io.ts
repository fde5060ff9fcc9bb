/** What the command line touches of the world, handed in so that tests can stand in its place. */
import type { Clock } from "@colophon/kernel";

export interface Output {
  write(text: string): void;
  readonly isTTY?: boolean;
  /** The terminal itself, where there is one, for progress bars. */
  readonly terminal?: NodeJS.WritableStream;
}

export interface CliIo {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly clock: Clock;
  /** Aborted when a person interrupts. */
  readonly signal?: AbortSignal;
}
