/** Builds the text of a version: a ticket triage prompt where nothing else is said. */
import { buildText, type TextParts, type VersionText } from "@colophon/kernel";

const INPUT = {
  type: "object",
  properties: { ticket: { type: "string" } },
  required: ["ticket"],
  additionalProperties: false,
};

/** A body or messages replace the ticket triage body, together with its contract unless one is given. */
export function aText(parts: Partial<TextParts> = {}): VersionText {
  const ownBody = parts.body !== undefined || parts.messages !== undefined;
  return buildText({
    ...(ownBody ? undefined : { body: "Is this billing, bug or other?\n{{ticket}}" }),
    model: "gpt-5-mini",
    input: INPUT,
    ...parts,
  });
}
