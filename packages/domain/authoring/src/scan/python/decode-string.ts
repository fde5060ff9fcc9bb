/** What the characters between a Python string's quotes stand for. */

/** How a string literal is written, from its prefix and quotes. */
export interface StringShape {
  readonly isRaw: boolean;
  readonly isBytes: boolean;
  /** A format string or a template string. */
  readonly isFormat: boolean;
  /** Length of the prefix with the opening quotes. */
  readonly opening: number;
  /** Length of the closing quotes; 0 where they are missing. */
  readonly closing: number;
}

/** @param source the literal as written, with prefix and quotes. */
export function stringShape(source: string): StringShape {
  const [opening, prefix, quotes] = /^([a-zA-Z]*)("""|'''|"|')/.exec(source) ?? ["", "", ""];
  const letters = prefix!.toLowerCase();
  const isClosed = source.length >= opening.length + quotes!.length && source.endsWith(quotes!);
  return {
    isRaw: letters.includes("r"),
    isBytes: letters.includes("b"),
    isFormat: letters.includes("f") || letters.includes("t"),
    opening: opening.length,
    closing: isClosed ? quotes!.length : 0,
  };
}

const SIMPLE: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** The characters that prompts are known to name; Python knows all of Unicode's names. */
const NAMED: Readonly<Record<string, string>> = {
  "EM DASH": "—",
  "EN DASH": "–",
  BULLET: "•",
  "HORIZONTAL ELLIPSIS": "…",
  "NO-BREAK SPACE": "\u00A0",
  "EN SPACE": "\u2002",
  "EM SPACE": "\u2003",
  "ZERO WIDTH SPACE": "\u200B",
  "ZERO WIDTH NO-BREAK SPACE": "\uFEFF",
  "SOFT HYPHEN": "\u00AD",
  AMPERSAND: "&",
  "LEFT CURLY BRACKET": "{",
  "RIGHT CURLY BRACKET": "}",
  "COPYRIGHT SIGN": "©",
  "REGISTERED SIGN": "®",
  "TRADE MARK SIGN": "™",
  "SECTION SIGN": "§",
  "MULTIPLICATION SIGN": "×",
  "PLUS-MINUS SIGN": "±",
  "MICRO SIGN": "µ",
  "RIGHTWARDS ARROW": "→",
  "LEFTWARDS ARROW": "←",
  "CHECK MARK": "✓",
  "HEAVY CHECK MARK": "✔",
  "WHITE HEAVY CHECK MARK": "✅",
  "CROSS MARK": "❌",
  "WARNING SIGN": "⚠",
  "DEGREE SIGN": "°",
  "EURO SIGN": "€",
  "LEFT DOUBLE QUOTATION MARK": "“",
  "RIGHT DOUBLE QUOTATION MARK": "”",
  "LEFT SINGLE QUOTATION MARK": "‘",
  "RIGHT SINGLE QUOTATION MARK": "’",
};

const ESCAPE = /\\(?:[0-7]{1,3}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|N\{[^}]*\}|[\s\S])/g;
const BYTES_ESCAPE = /\\(?:[0-7]{1,3}|x[\da-fA-F]{2}|[\s\S])/g;

/** @param written characters of a literal between quotes or holes; what Python keeps as written stays so. */
export function decodeString(written: string, { isRaw, isBytes, isFormat }: StringShape): string {
  let text = written.replace(/\r\n?/g, "\n");
  if (isFormat) text = text.replace(/\{\{|\}\}/g, (braces) => braces[0]!);
  if (isRaw || !text.includes("\\")) return text;
  return text.replace(isBytes ? BYTES_ESCAPE : ESCAPE, (written) => decodeEscape(written, isBytes));
}

function decodeEscape(written: string, isBytes: boolean): string {
  const kind = written[1]!;
  const simple = SIMPLE[kind];
  if (simple !== undefined) return simple;
  if (/[0-7]/.test(kind)) {
    const code = Number.parseInt(written.slice(1), 8);
    return String.fromCharCode(isBytes ? code % 256 : code);
  }
  if (written.length === 2) return written;
  if (kind === "N") return NAMED[written.slice(3, -1).toUpperCase()] ?? written;
  const code = Number.parseInt(written.slice(2), 16);
  return code > 0x10_ff_ff ? written : String.fromCodePoint(code);
}
