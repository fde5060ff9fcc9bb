/** Waits for a busy file between short tries, so that the event loop stays free. */
import { errorCodeOf } from "@colophon/kernel";

const TOTAL_MS = 5_000;
const LONGEST_PAUSE_MS = 25;

/** Runs a synchronous task until the file is free; after the total time the last `store-busy` is thrown. */
export async function retryBusy<T>(task: () => T): Promise<T> {
  const deadline = performance.now() + TOTAL_MS;
  for (let pause = 2; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return task();
    } catch (error) {
      if (errorCodeOf(error) !== "store-busy" || performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
