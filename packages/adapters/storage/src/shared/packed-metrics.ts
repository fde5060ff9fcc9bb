/** The totals of a call's metrics as the bytes in which the ledger keeps them: whole numbers in LEB128, bins as steps. */
import type { MetricTotals } from "./metric-totals.ts";

/** Totals by the number of their metric. */
export type MetricsByNumber = ReadonlyMap<number, MetricTotals>;

/** Larger than the number of any metric: behind the last one. */
const NO_METRIC = Number.POSITIVE_INFINITY;
/** Larger than any bin: behind the last one of a metric. */
const NO_BIN = 2 ** 30;
/** The most bytes of a whole number, which has up to 53 bits. */
const WHOLE_BYTES = 8;
/** The most bytes of a metric besides its bins: four whole numbers, and two that are not. */
const METRIC_BYTES = 4 * WHOLE_BYTES + 16;

/** In the order of the metrics' numbers, so that equal totals are equal bytes. */
export function packMetrics(metrics: MetricsByNumber): Uint8Array {
  const sorted = [...metrics].sort(([a], [b]) => a - b);
  const most = sorted.reduce((sum, [, { bins }]) => sum + METRIC_BYTES + WHOLE_BYTES * bins.length, 0);
  const writer = new MetricWriter(most);
  for (const [number, totals] of sorted) {
    const { bins } = totals;
    for (let at = 0; at < bins.length; at += 2) writer.addBin(bins[at] as number, bins[at + 1] as number);
    writer.addMetric(number, totals);
  }
  return writer.bytes;
}

/** @throws RangeError for bytes that end too early. */
export function unpackMetrics(bytes: Uint8Array): MetricsByNumber {
  const metrics = new Map<number, MetricTotals>();
  for (const reader = new MetricReader(bytes); reader.number !== NO_METRIC; reader.nextMetric()) {
    const { number, count, zeros, sum, squares } = reader;
    const bins: number[] = [];
    for (; reader.bin !== NO_BIN; reader.nextBin()) bins.push(reader.bin, reader.binCount);
    metrics.set(number, { count, sum, squares, zeros, bins });
  }
  return metrics;
}

/**
 * What `packMetrics` makes of both together, in one walk along their bytes: folding does it for every
 * group of a piece.
 *
 * @throws RangeError for bytes that end too early.
 */
export function addPacked(one: Uint8Array, other: Uint8Array): Uint8Array {
  const [reader, otherReader] = [new MetricReader(one), new MetricReader(other)];
  const nothing = new MetricReader(new Uint8Array());
  // Each number comes from one of theirs or from two, and is at most a byte longer than the longer one; only the
  // step to a metric's first bin may grow by more, and its fractions alone leave room for that.
  const writer = new MetricWriter(2 * (one.length + other.length));
  for (;;) {
    const number = Math.min(reader.number, otherReader.number);
    if (number === NO_METRIC) return writer.bytes;
    const a = reader.number === number ? reader : nothing;
    const b = otherReader.number === number ? otherReader : nothing;
    addBins(writer, a, b);
    writer.addMetric(number, {
      count: a.count + b.count,
      zeros: a.zeros + b.zeros,
      sum: a.sum + b.sum,
      squares: a.squares + b.squares,
    });
    a.nextMetric();
    b.nextMetric();
  }
}

function addBins(writer: MetricWriter, a: MetricReader, b: MetricReader): void {
  for (;;) {
    const bin = Math.min(a.bin, b.bin);
    if (bin === NO_BIN) return;
    let count = 0;
    if (a.bin === bin) {
      count += a.binCount;
      a.nextBin();
    }
    if (b.bin === bin) {
      count += b.binCount;
      b.nextBin();
    }
    writer.addBin(bin, count);
  }
}

class ByteWriter {
  readonly #bytes: Buffer;
  #end = 0;

  /** @param most the most bytes that will be written. */
  constructor(most: number) {
    this.#bytes = Buffer.allocUnsafe(most);
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  /** A whole number from 0 to 2^53. */
  whole(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[this.#end++] = (rest % 0x80) + 0x80;
    this.#bytes[this.#end++] = rest;
  }

  /** A whole number, its sign last, so that small ones stay short. */
  signed(value: number): void {
    this.whole(value < 0 ? -2 * value - 1 : 2 * value);
  }

  real(value: number): void {
    this.#end = this.#bytes.writeDoubleLE(value, this.#end);
  }

  /** Moves another one's bytes to the end of these. */
  take(other: ByteWriter): void {
    this.#end += other.#bytes.copy(this.#bytes, this.#end, 0, other.#end);
    other.#end = 0;
  }
}

/** Writes metrics one after the other, of each the bins before all else, since how many there are stands before them. */
class MetricWriter {
  readonly #metrics: ByteWriter;
  readonly #steps: ByteWriter;
  #bins = 0;
  #bin = 0;

  /** @param most the most bytes that will be written. */
  constructor(most: number) {
    this.#metrics = new ByteWriter(most);
    this.#steps = new ByteWriter(most);
  }

  get bytes(): Uint8Array {
    return this.#metrics.bytes;
  }

  addBin(bin: number, count: number): void {
    this.#steps.signed(bin - this.#bin);
    this.#steps.whole(count);
    this.#bin = bin;
    this.#bins += 1;
  }

  /** Ends a metric, of which all bins were added. */
  addMetric(number: number, { count, zeros, sum, squares }: Omit<MetricTotals, "bins">): void {
    this.#metrics.signed(number);
    this.#metrics.whole(count);
    this.#metrics.whole(zeros);
    this.#metrics.real(sum);
    this.#metrics.real(squares);
    this.#metrics.whole(this.#bins);
    this.#metrics.take(this.#steps);
    this.#bins = 0;
    this.#bin = 0;
  }
}

/** Walks along metrics, and along the bins of each; stands at the first one of either from the beginning. */
class MetricReader {
  readonly #bytes: Buffer;
  #at = 0;
  #binsLeft = 0;
  number = NO_METRIC;
  count = 0;
  zeros = 0;
  sum = 0;
  squares = 0;
  bin = NO_BIN;
  binCount = 0;

  constructor({ buffer, byteOffset, byteLength }: Uint8Array) {
    this.#bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.nextMetric();
  }

  /** To be called where no bins are left. */
  nextMetric(): void {
    if (this.#at >= this.#bytes.length) {
      this.number = NO_METRIC;
      return;
    }
    this.number = signed(this.#whole());
    this.count = this.#whole();
    this.zeros = this.#whole();
    this.sum = this.#real();
    this.squares = this.#real();
    this.#binsLeft = this.#whole();
    this.bin = 0;
    this.nextBin();
  }

  nextBin(): void {
    if (this.#binsLeft === 0) {
      this.bin = NO_BIN;
      return;
    }
    this.#binsLeft -= 1;
    const step = this.#whole();
    this.bin += (step >>> 1) ^ -(step & 1);
    this.binCount = this.#whole();
  }

  #whole(): number {
    const first = this.#bytes[this.#at++] as number;
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let scale = 0x80; ; scale *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError("The bytes end within a number.");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  #real(): number {
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }
}

/** What `ByteWriter.signed` wrote. */
function signed(whole: number): number {
  return whole % 2 === 1 ? -(whole + 1) / 2 : whole / 2;
}
