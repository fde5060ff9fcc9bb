/** Base64 (RFC 4648 §4, padded) of bytes: for clients' arguments alone, since records never hold media. */

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const CODES = new TextEncoder().encode(DIGITS);
const PADDING = 0x3d;
const decoder = new TextDecoder();

/** Bytes as base64 text. */
export function base64(bytes: Uint8Array): string {
  const { length } = bytes;
  const out = new Uint8Array(Math.ceil(length / 3) * 4).fill(PADDING);
  let at = 0;
  for (let index = 0; index < length; index += 3) {
    const left = length - index;
    const group = ((bytes[index] as number) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    out[at] = CODES[group >>> 18] as number;
    out[at + 1] = CODES[(group >>> 12) & 63] as number;
    if (left > 1) out[at + 2] = CODES[(group >>> 6) & 63] as number;
    if (left > 2) out[at + 3] = CODES[group & 63] as number;
    at += 4;
  }
  return decoder.decode(out);
}
