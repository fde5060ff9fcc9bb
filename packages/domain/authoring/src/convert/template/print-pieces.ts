/** Writes pieces in the house's template language, so that nothing is lost to its rules of white space. */
import type { BlockPiece, Piece } from "./piece.ts";
import { blanksBefore, partialStands, standingTags } from "./standing-tags.ts";

export interface PrintedPieces {
  readonly text: string;
  /** Blanks that had to be put between a brace or backslash of the text and a tag, as lines of the text. */
  readonly blanks: readonly number[];
}

type Token = { readonly tag: string } | { readonly text: string };

/** What is rendered from the text is what the pieces say, save for the blanks. */
export function printPieces(pieces: readonly Piece[]): PrintedPieces {
  return joinTokens(tokensOf(mergePieces(pieces), true));
}

/** Texts side by side are one text: what stands alone is told by whole neighbours. */
export function mergePieces(pieces: readonly Piece[]): readonly Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (piece.kind === "text") {
      if (piece.text === "") continue;
      if (last?.kind === "text") merged[merged.length - 1] = { kind: "text", text: last.text + piece.text };
      else merged.push(piece);
    } else if ("body" in piece) {
      merged.push({ ...piece, body: mergePieces(piece.body), otherwise: mergePieces(piece.otherwise) });
    } else merged.push(piece);
  }
  return merged;
}

function tokensOf(pieces: readonly Piece[], root: boolean): readonly Token[] {
  const tokens: Token[] = [];
  for (const [index, piece] of pieces.entries()) {
    if ("body" in piece) tokens.push(...blockTokens(piece, { pieces, index, root }));
    else if (piece.kind === "text") tokens.push({ text: piece.text });
    else if (piece.kind === "value") tokens.push({ tag: `{{${piece.path}}}` });
    else if (piece.kind === "json") tokens.push({ tag: `{{json ${piece.path}}}` });
    else if (piece.kind === "tag") tokens.push({ tag: piece.tag });
    else if (piece.kind === "partial") {
      tokens.push({ tag: `{{> ${piece.ref}}}` });
      // A line end behind a partial that stands alone would go with it.
      if (partialStands({ pieces, index, root }) && index < pieces.length - 1) tokens.push({ text: "\n" });
    }
  }
  return tokens;
}

interface Spot {
  readonly pieces: readonly Piece[];
  readonly index: number;
  readonly root: boolean;
}

const OPENING = { if: "#if", unless: "#unless", each: "#each" } as const;

function blockTokens(block: BlockPiece, spot: Spot): readonly Token[] {
  const { kind, path, body, otherwise } = block;
  const alone = standingTags(block, spot);
  const isAlone = alone.opens || alone.turns || alone.closes;
  const loses =
    (isAlone && (isBlank(body) || isBlank(otherwise))) ||
    (alone.opens && blanksBefore(spot.pieces, spot.index) !== "") ||
    (alone.turns && blanksBefore(body, body.length) !== "") ||
    (alone.closes && blanksBefore(otherwise.length > 0 ? otherwise : body) !== "");
  if (loses) return wrapped(block);
  const lineEnd = (stands: boolean): readonly Token[] => (stands ? [{ text: "\n" }] : []);
  return [
    { tag: `{{${OPENING[kind]} ${path}}}` },
    ...lineEnd(alone.opens),
    ...tokensOf(body, false),
    ...(otherwise.length > 0
      ? [{ tag: "{{else}}" }, ...lineEnd(alone.turns), ...tokensOf(otherwise, false)]
      : []),
    { tag: `{{/${kind}}}` },
    ...lineEnd(alone.closes && spot.index < spot.pieces.length - 1),
  ];
}

/** Of nothing but blanks both tags around it take their lines. */
function isBlank([only, ...others]: readonly Piece[]): boolean {
  return only?.kind === "text" && others.length === 0 && only.text.trim() === "";
}

/** A tag beside another tag never stands alone, so the same question twice keeps every blank. */
function wrapped({ kind, path, body, otherwise }: BlockPiece): readonly Token[] {
  const outer = kind === "unless" ? "unless" : "if";
  const inverse = outer === "if" ? "unless" : "if";
  const inside = (name: "if" | "unless" | "each", pieces: readonly Piece[]): readonly Token[] => [
    { tag: `{{#${name} ${path}}}` },
    ...tokensOf(pieces, false),
    { tag: `{{/${name}}}` },
  ];
  return [
    { tag: `{{#${outer} ${path}}}` },
    ...inside(kind, body),
    ...(otherwise.length > 0 ? [{ tag: "{{else}}" }, ...inside(inverse, otherwise)] : []),
    { tag: `{{/${outer}}}` },
  ];
}

/** Where a brace of the text would touch a tag's, or a backslash would change what braces mean, a blank goes between. */
function joinTokens(tokens: readonly Token[]): PrintedPieces {
  const merged = mergeTexts(tokens);
  const blanks: number[] = [];
  let text = "";
  let line = 1;
  const add = (words: string): void => {
    text += words;
    line += words.split("\n").length - 1;
  };
  const blank = (): void => {
    blanks.push(line);
    add(" ");
  };
  for (const [index, token] of merged.entries()) {
    if ("tag" in token) {
      add(token.tag);
      continue;
    }
    if (index > 0 && token.text.startsWith("}")) blank();
    for (const { index: at } of token.text.matchAll(/\\\{\{/g)) {
      blanks.push(line + token.text.slice(0, at).split("\n").length - 1);
    }
    add(escapeBraces(token.text.replaceAll("\\{{", () => "\\ {{")));
    const isBeforeTag = index < merged.length - 1;
    if (!isBeforeTag) continue;
    if (/(?<!\{)(?:\{\{)*\{$/.test(token.text)) blank();
    else if (token.text.endsWith("\\")) add("\\");
  }
  return { text, blanks };
}

function escapeBraces(text: string): string {
  return text.replaceAll("{{", () => "\\{{");
}

function mergeTexts(tokens: readonly Token[]): readonly Token[] {
  const merged: Token[] = [];
  for (const token of tokens) {
    const last = merged.at(-1);
    if ("text" in token && token.text === "") continue;
    if ("text" in token && last !== undefined && "text" in last) {
      merged[merged.length - 1] = { text: last.text + token.text };
    } else merged.push(token);
  }
  return merged;
}
