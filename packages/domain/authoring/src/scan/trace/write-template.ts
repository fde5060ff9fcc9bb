/** Writes words and holes as a text in the template language. */
import type { FindingPlaceholder } from "../finding.ts";
import type { SourceModule } from "../source/source-module.ts";
import type { Span } from "../source/source-value.ts";
import type { TextHole } from "./compose-text.ts";
import { namePlaceholder } from "./name-placeholder.ts";

export interface WrittenTemplate {
  readonly text: string;
  readonly placeholders: readonly FindingPlaceholder[];
}

/** A hole with what must go into its value, because the language cannot write it beside a tag. */
interface Slot {
  readonly hole: TextHole | null;
  readonly before: string;
  readonly after: string;
}

/**
 * The language has no way to write a single brace right beside a tag, a backslash before two literal braces, or a
 * NUL; such a sign becomes part of the value, and the placeholder's source says so.
 */
export function writeTemplate(
  pieces: readonly (string | TextHole)[],
  modules: readonly SourceModule[],
): WrittenTemplate {
  const names = new Names(modules);
  const slots = takeBraces(pieces);
  let text = "";
  slots.forEach((slot, index) => {
    if (typeof slot !== "string") text += `{{${names.of(slot)}}}`;
    else {
      const isBeforeTag = index < slots.length - 1;
      text += escapeWords(slot, isBeforeTag);
    }
  });
  return { text, placeholders: names.placeholders };
}

const UNWRITABLE = /\{*\\+(?=\{\{)|\{*\0\}*/g;

/** Braces beside a hole, and signs that cannot be written, move into slots. */
function takeBraces(pieces: readonly (string | TextHole)[]): readonly (string | Slot)[] {
  const slots: (string | Slot)[] = [];
  pieces.forEach((piece, index) => {
    if (typeof piece !== "string") {
      const before = pieces[index - 1];
      const after = pieces[index + 1];
      slots.push({
        hole: piece,
        before: typeof before === "string" ? oddBrace(before) : "",
        after: typeof after === "string" ? closingBraces(after) : "",
      });
      return;
    }
    const from = index > 0 ? closingBraces(piece).length : 0;
    const to = piece.length - (index < pieces.length - 1 ? oddBrace(piece).length : 0);
    const words = to > from ? piece.slice(from, to) : "";
    let done = 0;
    for (const { 0: sign, index: at } of words.matchAll(UNWRITABLE)) {
      if (at > done) slots.push(words.slice(done, at));
      slots.push({ hole: null, before: sign, after: "" });
      done = at + sign.length;
    }
    if (done < words.length) slots.push(words.slice(done));
  });
  return slots;
}

/** Pairs of literal braces can be escaped before a tag, a single one cannot stand there. */
function oddBrace(words: string): string {
  const run = /\{*$/.exec(words)?.[0].length ?? 0;
  return run % 2 === 1 ? "{" : "";
}

function closingBraces(words: string): string {
  return /^\}*/.exec(words)?.[0] ?? "";
}

/** Two literal braces are escaped; so is a backslash right before a tag, by one more. */
function escapeWords(words: string, isBeforeTag: boolean): string {
  const escaped = words.replaceAll("{{", "\\{{");
  return isBeforeTag && escaped.endsWith("\\") ? `${escaped}\\` : escaped;
}

/** The same expression keeps its name, others get a number. */
class Names {
  readonly placeholders: FindingPlaceholder[] = [];
  readonly #modules: readonly SourceModule[];

  constructor(modules: readonly SourceModule[]) {
    this.#modules = modules;
  }

  of(slot: Slot): string {
    const source = this.#sourceOf(slot);
    const isSame = slot.hole?.value?.kind !== "call";
    const known = isSame ? this.placeholders.find((each) => each.source === source) : undefined;
    if (known !== undefined) return known.name;
    const base = slot.hole === null ? "sign" : namePlaceholder(slot.hole, this.#modules);
    let name = base;
    for (let count = 2; this.placeholders.some((each) => each.name === name); count += 1)
      name = `${base}${count}`;
    this.placeholders.push({ name, source });
    return name;
  }

  #sourceOf({ hole, before, after }: Slot): string {
    if (hole === null) return JSON.stringify(before);
    const module = this.#modules[hole.module]!;
    const source = sourceOf(hole, module);
    if (before === "" && after === "") return source;
    if (module.language !== "python") return `\`${before}\${${source}}${after}\``;
    const sides = [before === "" ? "" : `"${before}"`, `str(${source})`, after === "" ? "" : `"${after}"`];
    return sides.filter((side) => side !== "").join(" + ");
  }
}

/** The expression in the code, with what a field makes of its value. */
function sourceOf({ value, field }: TextHole, { source, language }: SourceModule): string {
  const written = value === null ? "" : source.slice(value.from, value.to);
  if (field === null)
    return value === null || language !== "python"
      ? written
      : formatted(written, interpolation(source, value));
  if (written === "") return field.path;
  const whole = written + field.path.slice(field.field.length);
  return /^%(?!\(?[^)]*\)?[sd]$)/.test(field.written)
    ? `"${field.written}" % (${whole})`
    : formatted(whole, field.written);
}

/** What stands behind an expression in an f-string; empty for one that stands elsewhere. */
function interpolation(source: string, { from, to }: Span): string {
  const isField = /\{\s*$/.test(source.slice(Math.max(0, from - 8), from));
  return isField ? (/^\s*(?:![rsa])?(?::[^{}"'\n]*)?\}/.exec(source.slice(to, to + 80))?.[0] ?? "") : "";
}

/** Python's `!r` and `:.2f` as calls. */
function formatted(source: string, field: string): string {
  const { conversion, spec = "" } =
    /(?:!(?<conversion>[rsa]))?(?::(?<spec>[^{}]*))?\}$/.exec(field)?.groups ?? {};
  const converted = conversion === "r" ? `repr(${source})` : conversion === "a" ? `ascii(${source})` : source;
  return spec === "" ? converted : `format(${converted}, ${JSON.stringify(spec)})`;
}
