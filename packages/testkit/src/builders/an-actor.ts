/** Builds the author of a record. */
import type { Actor } from "@colophon/kernel";

export function anActor(fields: Partial<Actor> = {}): Actor {
  return { id: "grace", via: "cli", ...fields };
}
