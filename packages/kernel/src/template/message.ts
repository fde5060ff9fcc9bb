/** A rendered message, in no provider's dialect. */

export const ROLES = ["system", "user", "assistant"] as const;
export type Role = (typeof ROLES)[number];

/** A message as every provider knows it: who speaks, and what. */
export interface Message {
  readonly role: Role;
  readonly content: string;
}
