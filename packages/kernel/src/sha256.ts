/** SHA-256 (FIPS 180-4), synchronous, because the resolver may not wait and the edge has no node:crypto. */

const ROUND = new Uint32Array(64);
const INITIAL = new Uint32Array(8);

// The constants are the first 32 fractional bits of the roots of the first 64 primes: what a 32-bit word
// keeps of them. Only the first eight square roots find a place.
for (let candidate = 2, count = 0; count < 64; candidate++) {
  let factor = 2;
  while (candidate % factor !== 0) factor++;
  if (factor < candidate) continue;
  INITIAL[count] = candidate ** (1 / 2) * 2 ** 32;
  ROUND[count++] = candidate ** (1 / 3) * 2 ** 32;
}

const encoder = new TextEncoder();
const schedule = new Uint32Array(64);

type Words<Word> = [Word, Word, Word, Word, Word, Word, Word, Word];

function turned(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function digest(data: string | Uint8Array): Uint32Array {
  const bytes = typeof data === "string" ? encoder.encode(data) : data;
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length * 8));
  const state = INITIAL.slice();
  for (let offset = 0; offset < padded.length; offset += 64) {
    let [a, b, c, d, e, f, g, h] = state as unknown as Words<number>;
    for (let i = 0; i < 64; i++) {
      if (i < 16) schedule[i] = view.getUint32(offset + i * 4);
      else {
        const x = schedule[i - 15] as number;
        const y = schedule[i - 2] as number;
        schedule[i] =
          (schedule[i - 16] as number) +
          (turned(x, 7) ^ turned(x, 18) ^ (x >>> 3)) +
          (schedule[i - 7] as number) +
          (turned(y, 17) ^ turned(y, 19) ^ (y >>> 10));
      }
      h += (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + (g ^ (e & (f ^ g)));
      h += (ROUND[i] as number) + (schedule[i] as number);
      const top = h + (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (c & (a ^ b)));
      d += h;
      // One by one: engines take twice as long over an exchange of arrays until they have compiled it.
      h = g;
      g = f;
      f = e;
      e = d | 0;
      d = c;
      c = b;
      b = a;
      a = top | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => {
      (state[i] as number) += word;
    });
  }
  return state;
}

/** The SHA-256 of bytes, or of a text's UTF-8 bytes, as 64 lower-case hex digits. */
export function sha256(data: string | Uint8Array): string {
  return Array.from(digest(data), (word) => word.toString(16).padStart(8, "0")).join("");
}

/** The first 53 bits of the SHA-256 of a text as a number in [0, 1): the draw of an assignment. */
export function unitDraw(text: string): number {
  const [first, second] = digest(text) as unknown as Words<number>;
  return (first * 0x200000 + (second >>> 11)) / 2 ** 53;
}
