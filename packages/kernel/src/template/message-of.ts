/** Makes a message of what was rendered for it. */
import type { ContentPart, Message, Role } from "./message.ts";
import type { Piece } from "./render-ops.ts";

/** Its text has a name in brackets for each medium; its parts are there where it has media. */
export function messageOf(role: Role, said: string | readonly Piece[]): Message {
  if (typeof said === "string") return { role, content: said };
  const content = said.map((piece) => (typeof piece === "string" ? piece : `[${piece.name}]`)).join("");
  return { role, content, parts: said.filter(isSaying).map(partOf) };
}

/** Clients refuse a text part of nothing but white space. */
function isSaying(piece: Piece): boolean {
  return typeof piece !== "string" || piece.trim() !== "";
}

function partOf(piece: Piece): ContentPart {
  return typeof piece === "string" ? { type: "text", text: piece } : { type: "media", media: piece };
}
