/** Adds to a list in which neighbouring texts are one. */
import type { TemplateNode } from "./template.ts";
import type { TemplateOp } from "./template-op.ts";

export function pushJoined<T extends TemplateNode | TemplateOp>(pieces: T[], piece: T): void {
  const last = pieces.at(-1);
  if (piece.kind === "text" && last?.kind === "text") {
    pieces[pieces.length - 1] = { kind: "text", text: last.text + piece.text } as T;
  } else {
    pieces.push(piece);
  }
}
