/** The output of a batch: appended line by line, so that a killed run goes on where it was. */
import {
  closeSync,
  createReadStream,
  existsSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  writeSync,
} from "node:fs";
import { HarnessError } from "@colophon/kernel";
import { lockOutput } from "./lock-output.ts";

export interface BatchResult {
  /** Of the input, counted from 1. */
  readonly line: number;
  readonly executionId: string | null;
  readonly version: number | null;
  readonly output: string | null;
  readonly error: string | null;
}

/** Which lines are finished: one bit each. */
class FinishedLines {
  #bits = new Uint8Array(1024);
  count = 0;
  errors = 0;

  has(line: number): boolean {
    return ((this.#bits[line >> 3] ?? 0) & (1 << (line & 7))) !== 0;
  }

  add(line: number, failed: boolean): void {
    if (this.has(line)) return;
    while (line >> 3 >= this.#bits.length) {
      const wider = new Uint8Array(this.#bits.length * 2);
      wider.set(this.#bits);
      this.#bits = wider;
    }
    this.#bits[line >> 3] = (this.#bits[line >> 3] ?? 0) | (1 << (line & 7));
    this.count++;
    if (failed) this.errors++;
  }
}

/** One run's hold on the file. */
export class BatchOutput {
  readonly #file: string;
  readonly #descriptor: number;
  readonly #unlock: () => void;
  readonly #finished: FinishedLines;
  /** Bytes of all whole lines. */
  #whole: number;
  /** Under way or done; a further one is asked for by `#unsynced`. */
  #syncing: Promise<void> | undefined;
  #unsynced = false;

  private constructor(file: string, unlock: () => void, read: ReadOutput) {
    this.#file = file;
    this.#unlock = unlock;
    this.#finished = read.finished;
    this.#whole = read.whole;
    this.#descriptor = openForAppend(file);
    ftruncateSync(this.#descriptor, read.whole);
  }

  /**
   * Opens the file and reads what is finished in it; a torn last line is cut off.
   *
   * @throws HarnessError `input-malformed` for a file that is no output of a batch, `usage` for one that cannot
   *   be written, or that another run is writing.
   */
  static async open(file: string): Promise<BatchOutput> {
    const unlock = lockOutput(file);
    try {
      return new BatchOutput(file, unlock, await readFinished(file));
    } catch (error) {
      unlock();
      throw error;
    }
  }

  get finished(): Pick<FinishedLines, "has" | "count" | "errors"> {
    return this.#finished;
  }

  /**
   * Survives a kill when it returns; what the machine itself may lose is written through soon after.
   *
   * @throws HarnessError `usage` where the file takes no more; it then ends with a whole line.
   */
  append(result: BatchResult): void {
    const bytes = Buffer.from(`${JSON.stringify(result)}\n`);
    try {
      // A kill in between leaves a torn end, which is cut off later.
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    } catch (cause) {
      ftruncateSync(this.#descriptor, this.#whole);
      throw unwritable(this.#file, cause);
    }
    this.#whole += bytes.length;
    this.#finished.add(result.line, result.error !== null);
    this.#unsynced = true;
    this.#syncing ??= this.#sync();
  }

  async close(): Promise<void> {
    await this.#syncing;
    try {
      fdatasyncSync(this.#descriptor);
    } finally {
      closeSync(this.#descriptor);
      this.#unlock();
    }
  }

  /** Writes through what was appended meanwhile, in one go, without holding up the calls. */
  async #sync(): Promise<void> {
    while (this.#unsynced) {
      this.#unsynced = false;
      // One that fails is tried again at the close, which says so.
      await new Promise<unknown>((resolve) => fdatasync(this.#descriptor, resolve));
    }
    this.#syncing = undefined;
  }
}

function openForAppend(file: string): number {
  try {
    return openSync(file, "a");
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

function unwritable(file: string, cause: unknown): HarnessError {
  const { code } = cause as NodeJS.ErrnoException;
  return new HarnessError(
    "usage",
    `The output ${file} cannot be written (${code}); make room or name another --out.`,
    {
      cause,
    },
  );
}

interface ReadOutput {
  readonly finished: FinishedLines;
  /** Bytes of all whole lines. */
  readonly whole: number;
}

async function readFinished(file: string): Promise<ReadOutput> {
  const finished = new FinishedLines();
  let whole = 0;
  if (!existsSync(file)) return { finished, whole };
  let number = 0;
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file)) {
    let buffer: Buffer = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    for (let end = buffer.indexOf(10); end >= 0; end = buffer.indexOf(10)) {
      const line = buffer.subarray(0, end).toString("utf8");
      number++;
      const result = readResult(line);
      // Only the last line can be torn, and it has no end; another that cannot be read is somebody else's.
      if (result === undefined) throw foreign(file, number);
      finished.add(result.line, result.error !== null);
      whole += end + 1;
      buffer = buffer.subarray(end + 1);
    }
    rest = Buffer.from(buffer);
  }
  return { finished, whole };
}

function readResult(text: string): BatchResult | undefined {
  try {
    const value = JSON.parse(text) as Partial<BatchResult> | null;
    const well = Number.isSafeInteger(value?.line) && Number(value?.line) > 0 && value?.error !== undefined;
    return well ? (value as BatchResult) : undefined;
  } catch {
    return undefined;
  }
}

function foreign(file: string, line: number): HarnessError {
  return new HarnessError(
    "input-malformed",
    `${file}, line ${line} is no output of \`colophon batch\`; name another --out, or remove the file.`,
  );
}
