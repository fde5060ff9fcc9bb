/** Moves the write-ahead log into the store from a thread of its own, so that the event loop never waits for the disk. */
import { realpathSync, statSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { SqliteCore } from "./sqlite-core.ts";

const LOG_KEPT_BYTES = 4 * 1024 * 1024;
const LOG_LONG_BYTES = 8 * 1024 * 1024;
/** A log that keeps growing while it is moved is moved to its end while writers wait (their rows take the spool). */
const LOG_TOO_LONG_BYTES = 32 * 1024 * 1024;
const PAUSE_MS = 2000;

// A text, not a module: bundled into an application there is no file beside us to point a worker at.
const WORKER = `
const { workerData } = process.getBuiltinModule("node:worker_threads");
const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
const db = new DatabaseSync(workerData.file);
db.exec("PRAGMA busy_timeout = 100");
const { log, checkpointed } = db.prepare("PRAGMA wal_checkpoint(PASSIVE)").get();
if (workerData.tooLong && log !== checkpointed) db.prepare("PRAGMA wal_checkpoint(FULL)").get();
db.close();
`;

export class SinkCheckpoint {
  readonly #file: string;
  #log: string;
  #running: Worker | undefined;
  #finished: Promise<void> = Promise.resolve();
  #notBefore = 0;

  constructor(file: string) {
    this.#file = file;
    this.#log = `${file}-wal`;
  }

  /** A log that starts over is cut to this length, so that its size says how far it has grown. */
  prepare(core: SqliteCore): void {
    // Behind a symbolic link the log lies beside what it points to.
    this.#log = `${realpathSync(this.#file)}-wal`;
    core.db.exec(`PRAGMA journal_size_limit = ${LOG_KEPT_BYTES}`);
  }

  /** Starts a checkpoint where the log has grown long; cheap when it has not. */
  nudge(): void {
    if (this.#running !== undefined || performance.now() < this.#notBefore) return;
    const bytes = statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes >= LOG_LONG_BYTES) this.#start(bytes >= LOG_TOO_LONG_BYTES);
  }

  /** Resolves when a checkpoint that is under way has ended; a process that waits for it stays alive. */
  finished(): Promise<void> {
    this.#running?.ref();
    return this.#finished;
  }

  #start(tooLong: boolean): void {
    const workerData = { file: this.#file, tooLong };
    const worker = new Worker(WORKER, { eval: true, workerData, execArgv: ["--no-warnings"] });
    worker.unref();
    this.#running = worker;
    this.#finished = new Promise((resolve) => {
      worker.once("exit", () => {
        this.#running = undefined;
        this.#notBefore = performance.now() + PAUSE_MS;
        resolve();
      });
    });
    // Without it SQLite moves the log by itself, later and on the hot path: slower, not wrong.
    worker.on("error", () => {});
  }
}
