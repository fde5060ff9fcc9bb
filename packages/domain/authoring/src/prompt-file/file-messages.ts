/** Writes a list of messages as one text with role tags, and cuts it back into the list. */
import { type ChatPart, parseTemplate } from "@colophon/kernel";
import { placeAt, problemAt } from "./prompt-file-error.ts";

/**
 * Each message is a line with its role and then its content. A line end behind a role's tag and one before
 * the next tag belong to neither message.
 */
export function printMessages(parts: readonly ChatPart[]): string {
  let text = "";
  for (const [index, part] of parts.entries()) {
    text += part === "history" ? "{{history}}" : `{{role "${part.role}"}}\n${part.content}`;
    // A line end after a carriage return would be read as one line end.
    if (index < parts.length - 1 && !text.endsWith("\r")) text += "\n";
  }
  return text;
}

export interface MessagesText {
  readonly body: string;
  /** The body after as many line ends as lines stand before it in the file. */
  readonly padded: string;
  readonly name: string;
}

/** A tag of a message: where it begins and ends in the padded body. */
interface MessageTag {
  readonly start: number;
  readonly end: number;
  readonly part: "history" | Exclude<ChatPart, "history">["role"];
}

/**
 * @param text whose template was parsed without an error.
 * @throws HarnessError `prompt-invalid` for a text before the first role.
 */
export function splitMessages({ body, padded, name }: MessagesText): readonly ChatPart[] {
  const tags = messageTags(padded);
  const first = padded.slice(0, tags[0]?.start);
  if (first.trim() !== "") {
    throw problemAt(
      name,
      placeAt(padded, padded.length - body.trimStart().length),
      'this text has no role, and colophon.messages is true: write {{role "system"}} or another role before it, or take colophon.messages out.',
    );
  }
  return tags.map(({ part, end }, index): ChatPart => {
    if (part === "history") return part;
    return {
      role: part,
      content: trimEnds(padded.slice(end, tags[index + 1]?.start), index < tags.length - 1),
    };
  });
}

function trimEnds(content: string, beforeTag: boolean): string {
  const start = content.startsWith("\n") ? 1 : 0;
  const end =
    beforeTag && content.length > start && content.endsWith("\n") ? content.length - 1 : content.length;
  return content.slice(start, end);
}

function messageTags(padded: string): readonly MessageTag[] {
  const tags: MessageTag[] = [];
  for (const node of parseTemplate(padded).nodes) {
    if (typeof node === "string" || !("role" in node)) continue;
    tags.push({ start: node.at, end: padded.indexOf("}}", node.at) + 2, part: node.role });
  }
  return tags;
}
