/** Reads an escape of a JavaScript regular expression: a character, a class of them, or the edge of a word. */
import { SHORT_CLASSES, type ShortClass } from "./character-classes.ts";
import { PatternFault } from "./pattern-fault.ts";
import type { PatternReader } from "./pattern-reader.ts";

export type Escape =
  | { readonly kind: "point"; readonly point: number }
  | { readonly kind: "boundary"; readonly text: string }
  | ShortClass;

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, "0": 0 };
const PROPERTY = /\\([pP])\{(?:(?:Script|sc|General_Category|gc)=)?(\w+)\}/y;
/** Where cases are one, JavaScript takes these for something that nobody means. */
const CASED = /^L[ult]$|case|Cased|Changes_When/i;
const HEX = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\})/iy;
const CONTROL = /\\c([A-Za-z])/y;

/** @throws PatternFault for what RE2 does not know. */
export function readEscape(reader: PatternReader, where: "inside" | "outside"): Escape {
  const { pattern } = reader;
  const letter = pattern[reader.at + 1] ?? "";
  if (/[1-9]/.test(letter) || letter === "k") throw new PatternFault("it refers back to what it found");
  if (letter === "0" && /\d/.test(pattern[reader.at + 2] ?? "")) {
    throw new PatternFault("a character of it is written in octal");
  }
  const found = point(reader) ?? property(reader);
  if (found !== undefined) return found;
  reader.at += 2;
  if (letter === "b" || letter === "B") {
    if (where === "inside") return { kind: "point", point: 8 };
    return { kind: "boundary", text: `\\${letter}` };
  }
  const short = Object.hasOwn(SHORT_CLASSES, letter)
    ? SHORT_CLASSES[letter as keyof typeof SHORT_CLASSES]
    : undefined;
  if (short !== undefined) return short;
  const control = Object.hasOwn(CONTROLS, letter) ? CONTROLS[letter] : undefined;
  if (control !== undefined) return { kind: "point", point: control };
  if (/[A-Za-z]/.test(letter)) throw new PatternFault(`it has \\${letter} in it`);
  const own = pattern.codePointAt(reader.at - 1) ?? 0;
  reader.at += String.fromCodePoint(own).length - 1;
  return { kind: "point", point: own };
}

function exec(reader: PatternReader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.pattern);
  if (found !== null) reader.at += found[0].length;
  return found;
}

function point(reader: PatternReader): Escape | undefined {
  const control = exec(reader, CONTROL)?.[1];
  if (control !== undefined) return { kind: "point", point: control.charCodeAt(0) % 32 };
  const high = hexOf(exec(reader, HEX));
  if (high === undefined) return undefined;
  if (!isBetween(high, 0xd800, 0xdfff)) return { kind: "point", point: high };
  // Two halves written one after the other are one character.
  const low = high <= 0xdbff ? hexOf(exec(reader, HEX)) : undefined;
  if (low === undefined || !isBetween(low, 0xdc00, 0xdfff))
    throw new PatternFault("it has half a character in it");
  return { kind: "point", point: (high - 0xd800) * 0x400 + low - 0xdc00 + 0x10000 };
}

function hexOf(found: RegExpExecArray | null): number | undefined {
  const digits = found?.[1] ?? found?.[2] ?? found?.[3];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

function isBetween(value: number, from: number, to: number): boolean {
  return value >= from && value <= to;
}

function property(reader: PatternReader): Escape | undefined {
  const [, letter, name = ""] = exec(reader, PROPERTY) ?? [];
  if (letter === undefined) return undefined;
  if (reader.flags.includes("i") && CASED.test(name)) {
    throw new PatternFault(`\\${letter}{${name}} tells cases apart that its flag i does not`);
  }
  return { kind: "class", text: `\\${letter}{${name}}` };
}
