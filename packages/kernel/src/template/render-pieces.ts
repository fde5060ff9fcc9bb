/** Renders a message that can hold media: texts and media in order, never one inside the other. */
import { type Media, readMedia } from "../media.ts";
import { indentLines } from "./indent-lines.ts";
import type { ContentPart, Message } from "./message.ts";
import {
  branchOf,
  type Fence,
  type Frame,
  frameAt,
  itemsOf,
  lookUp,
  missingError,
  outermost,
  renderOp,
  type Variables,
} from "./render-ops.ts";
import type { MediaOp, TemplateOp } from "./template-op.ts";

/** A text, or a medium. Media never pass through a text, so no text can pass for one. */
type Piece = string | Media;

/** What a message says: its text with a name in brackets for each medium, and its parts where it has media. */
export type Content = Pick<Message, "content" | "parts">;

export function holdsMedia(ops: readonly TemplateOp[]): boolean {
  return ops.some(
    (op) =>
      op.kind === "media" ||
      ("body" in op && holdsMedia(op.body)) ||
      ("otherwise" in op && holdsMedia(op.otherwise)),
  );
}

/** @throws HarnessError `variable-missing` or `variable-type`. */
export function renderContent(ops: readonly TemplateOp[], variables: Variables, fence: Fence): Content {
  const pieces = joinTexts(piecesOf(ops, outermost(variables), fence));
  const content = pieces.map((piece) => (typeof piece === "string" ? piece : `[${piece.name}]`)).join("");
  return pieces.every((piece) => typeof piece === "string")
    ? { content }
    : { content, parts: pieces.filter(isSaying).map(partOf) };
}

/** Clients refuse a text part of nothing but white space. */
function isSaying(piece: Piece): boolean {
  return typeof piece !== "string" || piece.trim() !== "";
}

function partOf(piece: Piece): ContentPart {
  return typeof piece === "string" ? { type: "text", text: piece } : { type: "media", media: piece };
}

function piecesOf(ops: readonly TemplateOp[], frame: Frame, fence: Fence): readonly Piece[] {
  return ops.flatMap((op) =>
    holdsMedia([op]) ? piecesOfOp(op, frame, fence) : [renderOp(op, frame, fence)],
  );
}

function piecesOfOp(op: TemplateOp, frame: Frame, fence: Fence): readonly Piece[] {
  switch (op.kind) {
    case "media":
      return [mediumOf(op, frame)];
    case "if":
    case "unless":
      return piecesOf(branchOf(op, frame), frame, fence);
    case "each": {
      const items = itemsOf(op, frame);
      if (items.length === 0) return piecesOf(op.otherwise, frame, fence);
      return Array.from(items.keys()).flatMap((index) =>
        piecesOf(op.body, frameAt(items, index, frame), fence),
      );
    }
    case "indent":
      return indentPieces(joinTexts(piecesOf(op.body, frame, fence)), op.indent);
    default:
      return [renderOp(op, frame, fence)];
  }
}

function mediumOf({ read }: MediaOp, frame: Frame): Media {
  const value = lookUp(read, frame);
  if (value === undefined || value === null) throw missingError(read, value);
  return readMedia(read.from === "frame" ? read.variable : read.path, value);
}

function joinTexts(pieces: readonly Piece[]): readonly Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (typeof piece === "string" && typeof last === "string") joined[joined.length - 1] = last + piece;
    else joined.push(piece);
  }
  return joined;
}

/** As if each medium were a word of its line. */
function indentPieces(pieces: readonly Piece[], indent: string): readonly Piece[] {
  let lineStart = true;
  return pieces.flatMap((piece): readonly Piece[] => {
    const begins = lineStart;
    lineStart = typeof piece === "string" && (piece === "" ? begins : piece.endsWith("\n"));
    if (typeof piece !== "string") return begins ? [indent, piece] : [piece];
    const indented = indentLines(piece, indent);
    return [begins || piece === "" ? indented : indented.slice(indent.length)];
  });
}
