/** How a file is written, so that what is added to it looks the same. */

export interface CodeStyle {
  readonly quote: '"' | "'";
  readonly semicolon: ";" | "";
  readonly indent: string;
  /** What imports of the application's own files end in: `.ts`, `.js`, or nothing. */
  readonly ending: string | null;
  /** Whether the file requires rather than imports. */
  readonly isCommon: boolean;
  /** How long a line may become. */
  readonly width: number;
}

const [NARROW, WIDE] = [80, 120];

/** Nobody breaks a text of this length to make its line shorter. */
const LONG_TEXT = /["'`].{40,}["'`]/;

/** As long as the longest line of code; those with long texts in them may be as long as they like. */
export function widthOf(sources: readonly string[]): number {
  let longest = NARROW;
  for (const source of sources) {
    for (const line of source.split("\n")) {
      if (line.length > longest && !LONG_TEXT.test(line)) longest = line.length;
    }
  }
  return Math.min(WIDE, longest);
}

const REQUIRE = /\brequire\s*\(\s*(["'])([^"'\n]+)\1\s*\)[^;\n]*(;?)/gm;
const IMPORT = /^\s*(?:import|export)\b[^;\n]*?\bfrom\s*(["'])([^"'\n]+)\1\s*(;?)/gm;

export function styleOf(source: string, width = NARROW): CodeStyle {
  const written = [...source.matchAll(IMPORT)];
  const isCommon = written.length === 0 && /\brequire\s*\(/.test(source);
  const imports = isCommon ? [...source.matchAll(REQUIRE)] : written;
  const doubles = imports.filter(([, quote]) => quote === '"').length;
  const isDouble =
    imports.length === 0 ? count(source, '"') >= count(source, "'") : doubles * 2 >= imports.length;
  const ends = imports.filter(([, , , end]) => end === ";").length;
  const isEnded = imports.length === 0 ? /;\s*$/m.test(source) : ends * 2 >= imports.length;
  const indents = [...source.matchAll(/^([ \t]+)\S/gm)].map(([, blank = ""]) => blank);
  const own = indents.flatMap((blank) => (blank.startsWith("\t") ? ["\t"] : blank.length < 5 ? [blank] : []));
  const [shortest = "  "] = own.sort((a, b) => a.length - b.length);
  const specifiers = imports.map(([, , specifier = ""]) => specifier);
  const relative = specifiers.filter((specifier) => specifier.startsWith("."));
  // No package is called so: these are aliases of own files.
  const aliased = specifiers.filter((specifier) => /^[@~]\//.test(specifier));
  const endings = [...relative, ...aliased].map((specifier) => /\.[mc]?[jt]sx?$/.exec(specifier)?.[0] ?? "");
  return {
    quote: isDouble ? '"' : "'",
    semicolon: isEnded ? ";" : "",
    indent: shortest.length === 1 && shortest !== "\t" ? "  " : shortest,
    ending: endings[0] ?? null,
    isCommon,
    width,
  };
}

function count(source: string, letter: string): number {
  return source.split(letter).length - 1;
}

/** A text as a literal of one line. */
export function quoted(text: string, { quote }: Pick<CodeStyle, "quote">): string {
  const inner = JSON.stringify(text).slice(1, -1);
  if (quote === '"') return `"${inner}"`;
  return `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A text as a literal: in backticks where it has several lines, which must stand as they are. */
export function literal(text: string, style: Pick<CodeStyle, "quote">): string {
  // A carriage return would be read as a line end.
  if (!text.includes("\n") || text.includes("\r")) return quoted(text, style);
  const inner = text.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${");
  return `\`${[...inner].map(visible).join("")}\``;
}

/** Control characters and lone surrogates are written as escapes. */
function visible(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  const isHidden =
    (code < 32 && letter !== "\n" && letter !== "\t") || code === 127 || (code >= 0xd800 && code <= 0xdfff);
  return isHidden || code === 0x2028 || code === 0x2029 ? `\\u${code.toString(16).padStart(4, "0")}` : letter;
}

/** JSON as code: keys without quotes where they need none. */
export function printJson(value: unknown, style: CodeStyle, depth = 0): string {
  if (typeof value === "string") return quoted(value, style);
  if (typeof value !== "object" || value === null) return String(value);
  const isList = Array.isArray(value);
  const entries = isList
    ? value.map((item) => printJson(item, style, depth + 1))
    : Object.entries(value).map(
        ([key, item]) => `${printKey(key, style)}: ${printJson(item, style, depth + 1)}`,
      );
  if (entries.length === 0) return isList ? "[]" : "{}";
  const line = isList ? `[${entries.join(", ")}]` : `{ ${entries.join(", ")} }`;
  if (line.length <= 80 && !line.includes("\n")) return line;
  const inner = style.indent.repeat(depth + 1);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  return `${open}\n${entries.map((entry) => `${inner}${entry},\n`).join("")}${style.indent.repeat(depth)}${close}`;
}

export function printKey(key: string, style: Pick<CodeStyle, "quote">): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? key : quoted(key, style);
}

/** The path from one file to another as an import names it. */
export function specifierTo(from: string, to: string, ending: string): string {
  const here = from.split("/").slice(0, -1);
  const there = to.split("/");
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) shared += 1;
  const up = here.length - shared;
  // A file that says what kind of module it is has to be named in full.
  const kind = /\.([cm])([jt])sx?$/.exec(to);
  const own = kind === null || ending === kind[0] ? ending : `.${kind[1]}js`;
  const path = [...Array.from({ length: up }, () => ".."), ...there.slice(shared)].join("/");
  const named = path.replace(/\.[mc]?[jt]sx?$/, own);
  return up === 0 ? `./${named}` : named;
}
