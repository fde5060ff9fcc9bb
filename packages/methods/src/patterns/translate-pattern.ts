/** Writes a JavaScript regular expression as RE2 reads it, so that both find the same texts. */
import { classText, NO_CHARACTER, SHORT_CLASSES, type ShortClass } from "./character-classes.ts";
import { PatternFault } from "./pattern-fault.ts";
import type { PatternReader } from "./pattern-reader.ts";
import { readEscape } from "./read-escape.ts";

export interface TranslatedPattern {
  readonly text: string;
  /** Characters and classes once repetitions are written out: what each character of a text may cost. */
  readonly size: number;
}

interface Group {
  text: string;
  size: number;
  /** Where the last thing that can be repeated begins, and its size; undefined where there is none. */
  last: { readonly at: number; readonly size: number } | undefined;
}

/** RE2 writes a repetition out; it knows none beyond this. */
const MOST_REPEATS = 1_000;
const DEEPEST = 100;
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/y;
const LINE_ENDS = "\\n\\r\\x{2028}\\x{2029}";

/**
 * Groups catch nothing: what is asked is whether a text fits.
 *
 * @param pattern that JavaScript takes with these flags, out of i, m, s and u.
 * @throws PatternFault for what RE2 does not know.
 */
export function translatePattern(pattern: string, flags: string): TranslatedPattern {
  const reader: PatternReader = { pattern, flags, at: 0 };
  const groups: Group[] = [{ text: "", size: 0, last: undefined }];
  while (reader.at < pattern.length) {
    const group = groups.at(-1) as Group;
    const next = pattern[reader.at];
    if (next === "(") {
      openGroup(reader);
      if (groups.length > DEEPEST) throw new PatternFault(`its groups nest more than ${DEEPEST} deep`);
      groups.push({ text: "", size: 0, last: undefined });
    } else if (next === ")") {
      reader.at += 1;
      groups.pop();
      put(groups.at(-1) as Group, { text: `(?:${group.text})`, size: group.size });
    } else if (next === "|") {
      reader.at += 1;
      group.text += "|";
      group.last = undefined;
    } else if (!repeat(reader, group)) {
      put(group, readAtom(reader));
    }
  }
  const [whole] = groups;
  return { text: whole?.text ?? "", size: whole?.size ?? 0 };
}

function put(group: Group, { text, size }: TranslatedPattern): void {
  group.last = { at: group.text.length, size };
  group.text += text;
  group.size += size;
}

function openGroup(reader: PatternReader): void {
  const rest = reader.pattern.slice(reader.at, reader.at + 4);
  if (/^\(\?<?[=!]/.test(rest)) throw new PatternFault("it looks ahead or behind");
  const head = /^\((?:\?(?::|<[^>]*>))?/.exec(reader.pattern.slice(reader.at, reader.at + 200))?.[0] ?? "(";
  if (head === "(" && rest[1] === "?") throw new PatternFault("a group of it has flags of its own");
  reader.at += head.length;
}

/** Whether there is a quantifier, which goes to what stands before it. */
function repeat(reader: PatternReader, group: Group): boolean {
  QUANTIFIER.lastIndex = reader.at;
  const [text, least, comma, most] = QUANTIFIER.exec(reader.pattern) ?? [];
  if (text === undefined) return false;
  if (group.last === undefined) throw new PatternFault(`nothing stands before its ${text}`);
  const { at, size } = group.last;
  const times =
    least === undefined ? 1 : Math.max(Number(least), Number(most), comma === "," ? Number(least) + 1 : 0);
  if (times > MOST_REPEATS) throw new PatternFault(`it repeats something more than ${MOST_REPEATS} times`);
  // What JavaScript repeats is one thing here too, however it is written.
  group.text = `${group.text.slice(0, at)}(?:${group.text.slice(at)})${text}`;
  group.size += size * (times - 1);
  group.last = undefined;
  reader.at += text.length;
  return true;
}

function readAtom(reader: PatternReader): TranslatedPattern {
  const { flags } = reader;
  const character = String.fromCodePoint(reader.pattern.codePointAt(reader.at) ?? 0);
  if (character === "[") return { text: readClass(reader), size: 1 };
  if (character === "\\") {
    const escaped = readEscape(reader, "outside");
    if (escaped.kind === "boundary") return { text: escaped.text, size: 1 };
    return { text: `[${escaped.kind === "class" ? escaped.text : classText(escaped.point)}]`, size: 1 };
  }
  reader.at += character.length;
  if (character === ".") return { text: flags.includes("s") ? "(?s:.)" : `[^${LINE_ENDS}]`, size: 1 };
  if (character === "^") return { text: flags.includes("m") ? "(?m:^)" : "\\A", size: 1 };
  if (character === "$") return { text: flags.includes("m") ? "(?m:$)" : "\\z", size: 1 };
  return { text: `[${classText(character.codePointAt(0) ?? 0)}]`, size: 1 };
}

type Member = { readonly kind: "point"; readonly point: number } | ShortClass;

function readClass(reader: PatternReader): string {
  const { pattern } = reader;
  const isNegated = pattern[reader.at + 1] === "^";
  reader.at += isNegated ? 2 : 1;
  const members: string[] = [];
  while (pattern[reader.at] !== "]") {
    const from = readMember(reader);
    const isRange = pattern[reader.at] === "-" && pattern[reader.at + 1] !== "]";
    if (from.kind === "class" || !isRange) {
      members.push(textOf(from));
      continue;
    }
    reader.at += 1;
    const to = readMember(reader);
    if (to.kind === "class") members.push(textOf(from), classText("-".charCodeAt(0)), textOf(to));
    else members.push(`${textOf(from)}-${textOf(to)}`);
  }
  reader.at += 1;
  if (members.length === 0) return isNegated ? "(?s:.)" : NO_CHARACTER;
  return `[${isNegated ? "^" : ""}${members.join("")}]`;
}

function textOf(member: Member): string {
  return member.kind === "class" ? member.text : classText(member.point);
}

function readMember(reader: PatternReader): Member {
  const point = reader.pattern.codePointAt(reader.at);
  if (point === undefined) throw new PatternFault("a class of it is not closed");
  if (point !== "\\".charCodeAt(0)) {
    reader.at += String.fromCodePoint(point).length;
    return { kind: "point", point };
  }
  const escaped = readEscape(reader, "inside");
  if (escaped.kind === "boundary") return SHORT_CLASSES.d;
  return escaped;
}
