/** Moves the write-ahead log into the store from a thread of its own, so that the event loop never waits for the disk. */
import { statSync } from "node:fs";
import { Worker } from "node:worker_threads";

export interface Checkpointer {
  /** Starts a checkpoint where the log has grown; cheap when it has not. */
  nudge(): void;
  close(): Promise<void>;
}

const LOG_BYTES = 4 * 1024 * 1024;

// A text, not a module: bundled into an application there is no file beside us to point a worker at.
const WORKER = `
const { parentPort, workerData } = process.getBuiltinModule("node:worker_threads");
const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
parentPort.on("message", () => {
  let done = false;
  try {
    const db = new DatabaseSync(workerData.file);
    try {
      db.exec("PRAGMA busy_timeout = 100; PRAGMA wal_checkpoint(PASSIVE)");
      done = true;
    } finally {
      db.close();
    }
  } catch {}
  parentPort.postMessage(done);
});
`;

function logBytes(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

export function createCheckpointer(file: string): Checkpointer {
  let worker: Worker | undefined;
  let running = false;
  let settledSize = 0;
  const start = (): Worker => {
    const started = new Worker(WORKER, { eval: true, workerData: { file } });
    started.unref();
    const stop = (): void => {
      running = false;
      if (worker === started) worker = undefined;
    };
    started.on("message", () => {
      running = false;
    });
    // Without a worker SQLite checkpoints by itself, later and on the hot path: slower, not wrong.
    started.on("error", stop);
    started.on("exit", stop);
    return started;
  };
  return {
    nudge() {
      const size = logBytes(file);
      // The log is a file that is written over from its start: its size moves only while it grows.
      if (running || size < LOG_BYTES || size === settledSize) return;
      settledSize = size;
      running = true;
      worker ??= start();
      worker.postMessage("checkpoint");
    },
    async close() {
      await worker?.terminate();
      worker = undefined;
    },
  };
}
