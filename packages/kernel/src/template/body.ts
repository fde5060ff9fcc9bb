/** The body of a version: one text, or a list of chat messages. */

/** A message as it is written, its content a template; or the slot where past messages are spliced in. */
export type ChatPart =
  | { readonly role: "system" | "user" | "assistant"; readonly content: string }
  | "history";

/** A text may mark roles and the history slot with `{{role "…"}}` and `{{history}}`; a chat body has them as parts. */
export type Body = string | readonly ChatPart[];
