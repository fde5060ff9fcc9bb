/** What a text of a program is made of: words, values, and choices between them. */
import type { Node } from "@babel/types";
import type { Program } from "./program.ts";

/** A value that is put into a text. */
export interface Hole {
  readonly kind: "hole";
  /** The expression in words that mean the same where the call stands. */
  readonly source: string;
  readonly node: Node;
  readonly program: Program;
  /** What stands in it for parameters of the function that builds the text. */
  readonly given: readonly Hole[];
}

/** `test ? then : otherwise`, whose parts are texts. */
export interface ChoicePiece {
  readonly kind: "choice";
  readonly test: Hole;
  readonly then: readonly Piece[];
  readonly otherwise: readonly Piece[];
  /** The whole of it as one value; null where it cannot be said at the call. */
  readonly whole: Hole | null;
}

export type Piece = string | Hole | ChoicePiece;

/** Lines of a file, from 1. */
export interface TakenLines {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
}

/** All values of a text, those of its choices among them. */
export function holesOf(pieces: readonly Piece[]): readonly Hole[] {
  return pieces.flatMap((piece): readonly Hole[] => {
    if (typeof piece === "string") return [];
    if (piece.kind === "hole") return [piece];
    return [piece.test, ...holesOf(piece.then), ...holesOf(piece.otherwise)];
  });
}

/** What stands before a `?`. */
export function asTest({ source, node }: Hole): string {
  return /^(Sequence|Conditional|ArrowFunction|Assignment|Yield)Expression$/.test(node.type)
    ? `(${source})`
    : source;
}

/** Whether a text has words of its own. */
export function saysWords(pieces: readonly Piece[]): boolean {
  return pieces.some((piece) =>
    typeof piece === "string" ? /\p{L}{2}/u.test(piece) : piece.kind === "choice",
  );
}

export function joined(pieces: readonly Piece[]): readonly Piece[] {
  const list: Piece[] = [];
  for (const piece of pieces) {
    const last = list.at(-1);
    if (piece === "") continue;
    if (typeof piece === "string" && typeof last === "string") list[list.length - 1] = last + piece;
    else list.push(piece);
  }
  return list;
}

/** The text without white space at its ends; undefined where that depends on a value. */
export function trimmed(pieces: readonly Piece[]): readonly Piece[] | undefined {
  const list = [...pieces];
  const [first, last] = [list[0], list.at(-1)];
  if (typeof first !== "string" || typeof last !== "string") return undefined;
  if (list.length > 1 && (first.trim() === "" || last.trim() === "")) return undefined;
  list[0] = first.trimStart();
  list[list.length - 1] = (list.at(-1) as string).trimEnd();
  return joined(list);
}
