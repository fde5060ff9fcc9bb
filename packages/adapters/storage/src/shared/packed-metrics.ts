/** The totals of a call's metrics as the bytes in which the ledger keeps them: whole numbers in LEB128, bins as steps. */
import type { MetricTotals } from "./metric-totals.ts";

/** Totals by the number of their metric. */
export type MetricsByNumber = ReadonlyMap<number, MetricTotals>;

/** The least bytes of a metric; the buffer grows when there are bins. */
const BYTES_AT_FIRST = 1024;

/** In the order of the metrics' numbers, so that equal totals are equal bytes. */
export function packMetrics(metrics: MetricsByNumber): Uint8Array {
  const writer = new ByteWriter();
  for (const [number, { count, sum, squares, zeros, bins }] of [...metrics].sort(([a], [b]) => a - b)) {
    writer.signed(number);
    writer.whole(count);
    writer.whole(zeros);
    writer.real(sum);
    writer.real(squares);
    writer.whole(bins.length / 2);
    let before = 0;
    for (let at = 0; at < bins.length; at += 2) {
      writer.signed((bins[at] as number) - before);
      writer.whole(bins[at + 1] as number);
      before = bins[at] as number;
    }
  }
  return writer.bytes;
}

/** @throws RangeError for bytes that end too early. */
export function unpackMetrics(bytes: Uint8Array): MetricsByNumber {
  const reader = new ByteReader(bytes);
  const metrics = new Map<number, MetricTotals>();
  while (!reader.done) {
    const number = reader.signed();
    const [count, zeros] = [reader.whole(), reader.whole()];
    const [sum, squares] = [reader.real(), reader.real()];
    const bins: number[] = [];
    let bin = 0;
    for (let left = reader.whole(); left > 0; left--) {
      bin += reader.signed();
      bins.push(bin, reader.whole());
    }
    metrics.set(number, { count, sum, squares, zeros, bins });
  }
  return metrics;
}

class ByteWriter {
  #view = new DataView(new ArrayBuffer(BYTES_AT_FIRST));
  #end = 0;

  get bytes(): Uint8Array {
    return new Uint8Array(this.#view.buffer, 0, this.#end);
  }

  /** A whole number from 0 to 2^53. */
  whole(value: number): void {
    this.#room();
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
      this.#view.setUint8(this.#end++, (rest % 0x80) + 0x80);
    }
    this.#view.setUint8(this.#end++, rest);
  }

  /** A whole number, its sign last, so that small ones stay short. */
  signed(value: number): void {
    this.whole(value < 0 ? -2 * value - 1 : 2 * value);
  }

  real(value: number): void {
    this.#room();
    this.#view.setFloat64(this.#end, value, true);
    this.#end += 8;
  }

  /** For the next number, however large. */
  #room(): void {
    if (this.#view.byteLength - this.#end >= 8) return;
    const larger = new Uint8Array(2 * this.#view.byteLength);
    larger.set(this.bytes);
    this.#view = new DataView(larger.buffer);
  }
}

class ByteReader {
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at >= this.#view.byteLength;
  }

  whole(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#view.getUint8(this.#at++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  signed(): number {
    const value = this.whole();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  real(): number {
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }
}
