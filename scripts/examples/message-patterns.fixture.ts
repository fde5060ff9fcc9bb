/** Reads the texts that the code writes, as patterns, so that a quoted message can be found among them. */
import { literalText, type SourceFile, type SyntaxNode, walk } from "../house/source-file.ts";

/** A text of fewer letters fits too many messages. */
const LETTERS = 14;

/** One pattern for each string and template of a source that is long enough to be told from others. */
export function messagePatterns(source: SourceFile): readonly RegExp[] {
  return source.body.flatMap((statement) =>
    [...walk(statement)].flatMap((node) => {
      const pieces = piecesOf(node);
      if (pieces.join("").replace(/[^a-z]/gi, "").length < LETTERS) return [];
      return [new RegExp(pieces.map(escaped).join(".*"), "s")];
    }),
  );
}

function piecesOf(node: SyntaxNode): readonly string[] {
  if (node.type !== "TemplateLiteral") return [literalText(node) ?? ""];
  return (node.quasis as readonly { readonly value: { readonly cooked?: string } }[]).map(
    ({ value }) => value.cooked ?? "",
  );
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
