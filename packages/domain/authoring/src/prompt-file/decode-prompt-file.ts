/** Makes text of a prompt file's bytes: UTF-8, of a bounded size, with LF as its line ends. */
import type { HarnessError } from "@colophon/kernel";
import { placeAt, problemAt } from "./prompt-file-error.ts";

/** Twice what a registry takes in the bodies of one text. */
export const MOST_CHARACTERS = 2_000_000;
/** UTF-8 takes at most three bytes for a UTF-16 code unit. */
const MOST_BYTES = 3 * MOST_CHARACTERS;

/** @throws HarnessError `prompt-invalid` for what is too large, is not UTF-8, or holds NUL. */
export function decodePromptFile(source: string | Uint8Array, name: string): string {
  const decoded = typeof source === "string" ? source : decodeBytes(source, name);
  if (decoded.length > MOST_CHARACTERS) throw tooLarge(name, `${decoded.length} characters`, MOST_CHARACTERS);
  const text = decoded.startsWith("\uFEFF") ? decoded.slice(1) : decoded;
  const refuse = (offset: number, sentence: string): void => {
    if (offset !== -1) throw problemAt(name, placeAt(text, offset), sentence);
  };
  refuse(text.indexOf("\0"), "here is a NUL character, which no prompt can hold: remove it.");
  refuse(
    text.isWellFormed() ? -1 : text.search(/\p{Surrogate}/u),
    "here is half a surrogate pair, which is no character: remove it.",
  );
  return text.replaceAll("\r\n", "\n");
}

function decodeBytes(bytes: Uint8Array, name: string): string {
  if (bytes.length > MOST_BYTES) throw tooLarge(name, `${bytes.length} bytes`, MOST_BYTES);
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw problemAt(name, { line: 1, column: 1 }, "the file is UTF-16: save it as UTF-8.");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw problemAt(name, firstBadByte(bytes), "here is a byte that is no UTF-8: save the file as UTF-8.");
  }
}

/** Where the bytes of what could be read begin to differ from those of the file. */
function firstBadByte(bytes: Uint8Array) {
  const readable = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const again = new TextEncoder().encode(readable);
  const bad = again.findIndex((byte, index) => byte !== bytes[index]);
  const before = new TextDecoder("utf-8").decode(bytes.subarray(0, bad === -1 ? bytes.length : bad));
  return placeAt(before, before.length);
}

function tooLarge(name: string, is: string, most: number): HarnessError {
  return problemAt(
    name,
    { line: 1, column: 1 },
    `the file has ${is}, and at most ${most} are read: shorten it.`,
  );
}
