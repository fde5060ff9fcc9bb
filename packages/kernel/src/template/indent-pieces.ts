/** Indents the output of a partial, as Handlebars does: every line but an empty last one. */

/** The lines of a text; it may be the rest of one that began before. */
export function indentLines(text: string, indent: string, begins = true): string {
  const lines = text.replace(/\n(?!$)/g, `\n${indent}`);
  return begins && text !== "" ? indent + lines : lines;
}

/** The lines of texts one after the other; what is no text counts as a word of its line. */
export function indentPieces<T>(pieces: readonly (string | T)[], indent: string): readonly (string | T)[] {
  let begins = true;
  return pieces.flatMap((piece) => {
    const starts = begins;
    if (typeof piece !== "string") {
      begins = false;
      return starts ? [indent, piece] : [piece];
    }
    if (piece !== "") begins = piece.endsWith("\n");
    return [indentLines(piece, indent, starts)];
  });
}
