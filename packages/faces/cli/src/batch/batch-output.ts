/** The output of a batch: appended line by line, so that a killed run goes on where it was. */
import { closeSync, createReadStream, existsSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { HarnessError } from "@colophon/kernel";

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

export interface BatchOutput {
  readonly finished: Pick<FinishedLines, "has" | "count" | "errors">;
  append(result: BatchResult): void;
  close(): void;
}

/**
 * Opens the file and reads what is finished in it; a torn last line is cut off.
 *
 * @throws HarnessError `input-malformed` for a file that is no output of a batch.
 */
export async function openBatchOutput(file: string): Promise<BatchOutput> {
  const finished = new FinishedLines();
  const whole = existsSync(file) ? await readFinished(file, finished) : 0;
  const descriptor = openForAppend(file);
  ftruncateSync(descriptor, whole);
  return {
    finished,
    append(result) {
      // One write of a whole line: a kill leaves it there or not, but for a torn end that is cut off later.
      writeSync(descriptor, `${JSON.stringify(result)}\n`);
      finished.add(result.line, result.error !== null);
    },
    close: () => closeSync(descriptor),
  };
}

function openForAppend(file: string): number {
  try {
    return openSync(file, "a");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    throw new HarnessError(
      "usage",
      `The output ${file} cannot be written (${code}); name a place that can.`,
      { cause },
    );
  }
}

/** @returns the bytes of all whole lines. */
async function readFinished(file: string, finished: FinishedLines): Promise<number> {
  let whole = 0;
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
  return whole;
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
