/** Reads the text of a source file, whatever its encoding, unless it is nothing that people write. */
import { readFileSync, statSync } from "node:fs";
import type { LeftOutReason } from "./left-out.ts";

/** In which encoding a file was read, where it is not UTF-8. */
export type OddEncoding = "utf-16le" | "utf-16be" | "windows-1252";

export type ReadSource =
  | { readonly text: string; readonly encoding: OddEncoding | null }
  | { readonly leftOut: LeftOutReason };

/** Beyond this nobody has written a file by hand; in bytes. */
const MOST_BYTES = 1_048_576;

/** @param isNamed whether a person has named the file: then only what cannot be read is left out. */
export function readSource(path: string, isNamed: boolean): ReadSource {
  let bytes: Uint8Array;
  try {
    if (!isNamed && statSync(path).size > MOST_BYTES) return { leftOut: "large" };
    bytes = readFileSync(path);
  } catch {
    return { leftOut: "unreadable" };
  }
  const read = decode(bytes);
  if (read === null) return { leftOut: "binary" };
  if (isNamed) return read;
  if (isGenerated(read.text)) return { leftOut: "generated" };
  return isMinified(read.text) ? { leftOut: "minified" } : read;
}

/** A mark at the beginning is no part of the text. Null for what is no text. */
function decode(bytes: Uint8Array): { readonly text: string; readonly encoding: OddEncoding | null } | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeAs("utf-16le", bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeAs("utf-16be", bytes);
  if (bytes.includes(0)) return null;
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: null };
  } catch {
    return decodeAs("windows-1252", bytes);
  }
}

function decodeAs(encoding: OddEncoding, bytes: Uint8Array) {
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}

const GENERATED =
  /@generated\b|\b(?:DO NOT (?:EDIT|MODIFY)|auto-?generated (?:by|file|from)|automatically generated|generated (?:by|code|file)[^\n]{0,60}(?:do not|don't) (?:edit|modify))/i;

/** Said in a comment at the top. */
function isGenerated(text: string): boolean {
  const top = text.slice(0, 800);
  return top
    .split("\n", 12)
    .some((line) => /^\s*(?:\/\/|\/?\*|#|"""|''')/.test(line) && GENERATED.test(line));
}

/** Long lines with hardly a space in them. */
function isMinified(text: string): boolean {
  if (text.length < 4_000) return false;
  const lines = text.split("\n");
  if (text.length / lines.length < 250 && !lines.some((line) => line.length > 20_000)) return false;
  const spaces = text.match(/\s/g)?.length ?? 0;
  return spaces / text.length < 0.1;
}
