/** Kills this process when one step of a test hangs it, and says which; a timer inside could not. */
import { Worker } from "node:worker_threads";

export interface Watchdog {
  /** A step begins: the time starts anew. */
  begin(step: string): void;
  end(): Promise<void>;
}

/** Far more than any request or parse takes, on a machine that is busy with others too. */
const PATIENCE_MS = 20_000;
const LONGEST_STEP = 2000;

export function startWatchdog(patienceMs = PATIENCE_MS): Watchdog {
  const shared = new SharedArrayBuffer(8 + LONGEST_STEP * 4);
  const [beats, text] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
  const worker = new Worker(new URL("./watchdog-thread.fixture.ts", import.meta.url), {
    workerData: { shared, patienceMs },
  });
  worker.unref();
  const encoder = new TextEncoder();
  return {
    begin(step) {
      beats[1] = encoder.encodeInto(step.slice(0, LONGEST_STEP), text).written;
      Atomics.add(beats, 0, 1);
    },
    async end() {
      await worker.terminate();
    },
  };
}
