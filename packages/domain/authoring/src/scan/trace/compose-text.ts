/** Puts together what the expression at a place comes to: its words, the constants that it names, and holes. */
import type { ConcatenationValue, FormatValue, SourceValue } from "../source/source-value.ts";
import { countWords } from "./count-words.ts";
import { joinedList } from "./find-places.ts";
import { type FieldStyle, splitFields, splitReplaced, type TemplateField } from "./split-fields.ts";
import { type FilledFields, fieldsOf, ownWords, type TextPlace } from "./text-place.ts";
import type { Tracer } from "./tracer.ts";

/** Something that is only known when the program runs. */
export interface TextHole {
  /** Index into the modules. */
  readonly module: number;
  /** The expression; null for a field whose value is given where it cannot be seen. */
  readonly value: SourceValue | null;
  /** The name of the field in a template of `format` and the like; null for an expression in place. */
  readonly field: TemplateField | null;
}

/** A constant text that is put in by its name. */
export interface TextPart {
  readonly place: TextPlace;
  readonly pieces: readonly ComposedPiece[];
  readonly words: number;
  /** What stands for it where it is not read into the whole. */
  readonly hole: TextHole;
}

export type ComposedPiece = string | TextHole | TextPart;

const DEEPEST = 8;

interface Composing {
  /** Knows only constants. */
  readonly tracer: Tracer;
  readonly module: number;
  readonly filled: FilledFields | null;
  readonly depth: number;
  /** Fields by position that were met. */
  readonly met: { count: number };
}

/** What the expression at a place comes to, whoever calls the function that it stands in. */
export function composeText(tracer: Tracer, { module, value, filled }: TextPlace): readonly ComposedPiece[] {
  return joinWords(piecesOf({ tracer, module, filled, depth: 0, met: { count: 0 } }, value));
}

function isPart(piece: ComposedPiece): piece is TextPart {
  return typeof piece !== "string" && "pieces" in piece;
}

function piecesOf(at: Composing, value: SourceValue): readonly ComposedPiece[] {
  switch (value.kind) {
    case "text":
      return value.pieces.flatMap((piece) =>
        typeof piece === "string" ? wordsOf(at, piece) : piecesOf(at, piece),
      );
    case "concatenation":
      return joinedPieces(at, value);
    case "format":
      return formatPieces(at, value);
    case "plain":
      return [String(value.value)].filter(() => typeof value.value === "number");
    default:
      return [partOf(at, value)];
  }
}

/** Words that are filled by a later call are cut at its fields. */
function wordsOf({ module, filled, met }: Composing, text: string): readonly ComposedPiece[] {
  if (filled === null) return [text];
  const split =
    filled.style === "replace"
      ? splitReplaced(text, [...filled.values.keys()])
      : splitFields(text, filled.style satisfies FieldStyle, met.count);
  return split.map((each) => {
    if (typeof each === "string") return each;
    if (/^\d+$/.test(each.field)) met.count = Math.max(met.count, Number(each.field) + 1);
    const given = filled.values.get(each.field);
    return { module: given?.module ?? module, value: given?.value ?? null, field: each };
  });
}

function joinedPieces(at: Composing, value: ConcatenationValue): readonly ComposedPiece[] {
  const list = joinedList(at.tracer, { module: at.module, value, frame: null });
  const isNear = list?.module === at.module && list.value.kind === "concatenation";
  const { parts, separator } = isNear ? (list.value as ConcatenationValue) : value;
  if (parts.some(({ kind }) => kind === "spread") && parts.length === 1) return [partOf(at, value)];
  if (separator === null) return addedPieces(at, value);
  return parts.flatMap((part, index) => [
    ...(index > 0 ? piecesOf(at, separator) : []),
    ...(part.kind === "spread" ? [partOf(at, part)] : piecesOf(at, part)),
  ]);
}

/** Before the first text, `+` may add numbers: what stands there is one hole, unless all of it is known. */
function addedPieces(at: Composing, value: ConcatenationValue): readonly ComposedPiece[] {
  const { parts } = value;
  const pieces = parts.map((part) => (part.kind === "spread" ? [partOf(at, part)] : piecesOf(at, part)));
  const first = pieces.findIndex((own) => own.some((piece) => typeof piece === "string" || isPart(piece)));
  const before = parts.slice(0, first === -1 ? parts.length : first);
  if (before.length < 2) return pieces.flat();
  const added: ConcatenationValue = {
    kind: "concatenation",
    parts: before,
    separator: null,
    from: before.length === parts.length ? value.from : before[0]!.from,
    to: before.length === parts.length ? value.to : before.at(-1)!.to,
  };
  return [{ module: at.module, value: added, field: null }, ...pieces.slice(before.length).flat()];
}

/** A template that is filled on the spot: its fields are holes with the names of the fields. */
function formatPieces(at: Composing, value: FormatValue): readonly ComposedPiece[] {
  const filled = fieldsOf(value, { module: at.module, frame: null });
  const inner = piecesOf({ ...at, filled, met: { count: 0 } }, value.template);
  return inner.flatMap((piece): readonly ComposedPiece[] => {
    if (typeof piece === "string" || isPart(piece) || piece.field === null || piece.value === null)
      return [piece];
    // What fills a field of a template in place can be a constant as anything else.
    const part = partOf({ ...at, filled: null }, piece.value);
    return [isPart(part) ? { ...part, hole: piece } : piece];
  });
}

/** A name of a constant text is a part, everything else a hole. */
function partOf(at: Composing, value: SourceValue): ComposedPiece {
  const hole: TextHole = { module: at.module, value, field: null };
  if (at.depth >= DEEPEST || value.kind === "choice" || value.kind === "unknown") return hole;
  const found = at.tracer.expand({ module: at.module, value, frame: null });
  const [only] = found;
  if (found.length !== 1 || only?.kind !== "value") return hole;
  const { module, value: constant } = only.at;
  if (constant.kind !== "text" && constant.kind !== "concatenation" && constant.kind !== "format")
    return hole;
  if (constant === value) return hole;
  const place: TextPlace = {
    module,
    value: constant,
    filled: at.filled,
    from: constant.from,
    to: constant.to,
  };
  const pieces = joinWords(piecesOf({ ...at, module, depth: at.depth + 1 }, constant));
  return { place, pieces, words: wordsIn(pieces), hole };
}

function wordsIn(pieces: readonly ComposedPiece[]): number {
  return pieces.reduce(
    (sum, piece) => sum + (typeof piece === "string" ? countWords(piece) : isPart(piece) ? piece.words : 0),
    0,
  );
}

function joinWords(pieces: readonly ComposedPiece[]): readonly ComposedPiece[] {
  const joined: ComposedPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (typeof piece === "string" && typeof last === "string") joined[joined.length - 1] = last + piece;
    else if (piece !== "") joined.push(piece);
  }
  return joined;
}

// A constant of fewer words is not called a text of its own.
const FEWEST_WORDS = 8;
const MAIN_SHARE = 2 / 3;

export interface SettledText {
  /** Words and holes; adjacent words are one string. */
  readonly pieces: readonly (string | TextHole)[];
  /** Constants that were read into it, those inside of others too: they are not reported again. */
  readonly inlined: readonly TextPlace[];
  /** The constant that holds most of the words: it stands as a hole here and is a finding of its own. */
  readonly main: TextPlace | null;
  /** Words, those of the main constant left out. */
  readonly words: number;
}

/**
 * Constants are read into the text. The exception is one that alone holds two thirds of the words or more: there
 * the constant is the prompt, and what is composed is said with a placeholder for it.
 */
export function settleText(pieces: readonly ComposedPiece[], value: SourceValue): SettledText {
  const parts = pieces.filter(isPart);
  const own = ownWords(value);
  const total = wordsIn(pieces);
  const main =
    parts.find(({ words }) => words >= FEWEST_WORDS && words > own && words >= total * MAIN_SHARE) ?? null;
  const inlined: TextPlace[] = [];
  const flat = pieces.flatMap((piece) => {
    if (typeof piece === "string" || !isPart(piece)) return [piece];
    return piece === main ? [piece.hole] : flatten(piece, inlined);
  });
  const settled = joinWords(flat) as readonly (string | TextHole)[];
  return { pieces: settled, inlined, main: main?.place ?? null, words: wordsIn(settled) };
}

/** A text with all its constants read in. */
export function inlineText(pieces: readonly ComposedPiece[]): readonly (string | TextHole)[] {
  const flat = pieces.flatMap((piece) =>
    typeof piece !== "string" && isPart(piece) ? flatten(piece, []) : [piece],
  );
  return joinWords(flat) as readonly (string | TextHole)[];
}

function flatten({ place, pieces }: TextPart, inlined: TextPlace[]): readonly (string | TextHole)[] {
  inlined.push(place);
  return pieces.flatMap((piece) =>
    typeof piece === "string" || !isPart(piece) ? [piece] : flatten(piece, inlined),
  );
}
