/** Finds the version that a candidate goes back to, through the candidates in between. */
import type { PromptState } from "@colophon/kernel";

/** Null where the line begins with a text that was never numbered. */
export function parentVersion({ candidates }: PromptState, parent: string | null): number | null {
  // A candidate is recorded after its parent, so that the line comes to an end.
  for (let name = parent; name !== null; ) {
    const number = Number(name.slice(1));
    if (name.startsWith("v")) return number;
    const entry = candidates.get(number);
    const promoted = entry?.decision?.decision === "promote" ? entry.decision.version : null;
    if (promoted !== null) return promoted;
    name = entry?.parent ?? null;
  }
  return null;
}
