/** Tells which tags of a block would stand alone on their lines, and so take the lines with them. */
import type { BlockPiece, Piece } from "./piece.ts";

interface Spot {
  readonly pieces: readonly Piece[];
  readonly index: number;
  /** Whether the pieces are the whole template. */
  readonly root: boolean;
}

export interface StandingTags {
  readonly opens: boolean;
  /** The `{{else}}`. */
  readonly turns: boolean;
  readonly closes: boolean;
}

/** By the rules of Handlebars, which the house's language has too. */
export function standingTags({ body, otherwise }: BlockPiece, spot: Spot): StandingTags {
  const last = otherwise.length > 0 ? otherwise : body;
  const inside = (pieces: readonly Piece[], index: number): Spot => ({ pieces, index, root: false });
  return {
    opens: beginsLine(inside(body, -1)) && endsLine(spot),
    turns: otherwise.length > 0 && endsLine(inside(body, body.length)) && beginsLine(inside(otherwise, -1)),
    closes: endsLine(inside(last, last.length)) && beginsLine(spot),
  };
}

/** Whether a partial stands alone on its line. */
export function partialStands(spot: Spot): boolean {
  return endsLine(spot) && beginsLine(spot);
}

/** The blanks of its line that stand before a piece. */
export function blanksBefore(pieces: readonly Piece[], index: number = pieces.length): string {
  const previous = pieces[index - 1];
  if (previous?.kind !== "text") return "";
  const { text } = previous;
  let start = text.length;
  while (start > 0 && (text[start - 1] === " " || text[start - 1] === "\t")) start -= 1;
  return text.slice(start);
}

function endsLine({ pieces, index, root }: Spot): boolean {
  const previous = pieces[index - 1];
  if (previous?.kind !== "text") return root && previous === undefined;
  const { text } = previous;
  const blank = text.slice(text.trimEnd().length);
  return blank.includes("\n") || (root && index === 1 && blank === text);
}

function beginsLine({ pieces, index, root }: Spot): boolean {
  const next = pieces[index + 1];
  if (next?.kind !== "text") return root && next === undefined;
  const { text } = next;
  const blank = text.slice(0, text.length - text.trimStart().length);
  return blank.includes("\n") || (root && pieces[index + 2] === undefined && blank === text);
}
