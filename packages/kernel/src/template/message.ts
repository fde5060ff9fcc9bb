/** A rendered message, in no provider's dialect. */
import type { Media } from "../media.ts";

export const ROLES = ["system", "user", "assistant"] as const;
export type Role = (typeof ROLES)[number];

/** A piece of a message that holds more than text. */
export type ContentPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "media"; readonly media: Media };

/** A message as every provider knows it: who speaks, and what. */
export interface Message {
  readonly role: Role;
  /** The text; where a medium stands, its name in brackets. */
  readonly content: string;
  /** The pieces in order; only where at least one of them is a medium. */
  readonly parts?: readonly ContentPart[];
}
