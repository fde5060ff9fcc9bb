/** SHA-256 (FIPS 180-4), synchronous, because the resolver may not wait and the edge has no node:crypto. */

const ROUND = new Uint32Array(64);
const INITIAL = new Uint32Array(8);

// The constants are the first 32 fractional bits of the roots of the first 64 primes.
for (let candidate = 2, count = 0; count < 64; candidate++) {
  let factor = 2;
  while (candidate % factor !== 0) factor++;
  if (factor < candidate) continue;
  if (count < 8) INITIAL[count] = (candidate ** (1 / 2) % 1) * 2 ** 32;
  ROUND[count++] = (candidate ** (1 / 3) % 1) * 2 ** 32;
}

const encoder = new TextEncoder();
const schedule = new Uint32Array(64);

function turned(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function compress(state: Uint32Array, block: DataView, offset: number): void {
  const w = schedule;
  for (let i = 0; i < 16; i++) w[i] = block.getUint32(offset + i * 4);
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15] as number;
    const y = w[i - 2] as number;
    const s0 = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3);
    const s1 = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10);
    w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let i = 0; i < 64; i++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (ROUND[i] as number) + (w[i] as number)) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  const sums = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < 8; i++) state[i] = (state[i] as number) + (sums[i] as number);
}

function digest(data: string | Uint8Array): Uint32Array {
  const bytes = typeof data === "string" ? encoder.encode(data) : data;
  const { length } = bytes;
  // Whole blocks are read where they are; only what is left over is copied, to be padded.
  const whole = length - (length % 64);
  const end = new Uint8Array(length - whole < 56 ? 64 : 128);
  end.set(bytes.subarray(whole));
  end[length - whole] = 0x80;
  const last = new DataView(end.buffer);
  last.setBigUint64(end.length - 8, BigInt(length) * 8n);
  const state = INITIAL.slice();
  for (const block of [new DataView(bytes.buffer, bytes.byteOffset, whole), last]) {
    for (let offset = 0; offset < block.byteLength; offset += 64) compress(state, block, offset);
  }
  return state;
}

/** The SHA-256 of bytes, or of a text's UTF-8 bytes, as 64 lower-case hex digits. */
export function sha256(data: string | Uint8Array): string {
  return Array.from(digest(data), (word) => word.toString(16).padStart(8, "0")).join("");
}

/** The first 53 bits of the SHA-256 of a text as a number in [0, 1): the draw of an assignment. */
export function unitDraw(text: string): number {
  const state = digest(text);
  return ((state[0] as number) * 0x200000 + ((state[1] as number) >>> 11)) / 2 ** 53;
}
