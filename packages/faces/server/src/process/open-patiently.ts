/** Opens what may not be there yet, such as a database that starts at the same time, until it is. */
import { setTimeout as wait } from "node:timers/promises";
import { errorCodeOf } from "@colophon/kernel";
import type { Logger } from "pino";

export interface Patience {
  readonly log: Logger;
  readonly stopping: AbortSignal;
  /** Waits, in milliseconds, and throws when it is aborted; a timer unless given. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** @throws what opening throws, but for a store that is away or busy: that is waited for. */
export async function openPatiently<T>(open: () => Promise<T>, patience: Patience): Promise<T> {
  const { log, stopping, sleep = sleepUntil } = patience;
  for (let pause = FIRST_MS; ; pause = Math.min(pause * 2, LONGEST_MS)) {
    try {
      return await open();
    } catch (error) {
      const code = errorCodeOf(error);
      if (code !== "store-unavailable" && code !== "store-busy") throw error;
      log.warn({ code, message: (error as Error).message, againInMs: pause }, "waiting for the store");
    }
    await sleep(pause, stopping);
  }
}

function sleepUntil(milliseconds: number, signal: AbortSignal): Promise<unknown> {
  return wait(milliseconds, undefined, { signal });
}
