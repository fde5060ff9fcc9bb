/** Finds the name that somebody probably meant. */
import { levenshtein } from "./edit-distance.ts";

/** The known name that is near enough to be a slip of the pen, or ends in what was written. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  let least = name.length < 4 ? 2 : Math.max(3, Math.floor(name.length / 3) + 1);
  for (const candidate of known) {
    const other = candidate.toLowerCase();
    const steps = other.endsWith(`.${wanted}`) ? 1 : levenshtein(wanted, other);
    if (steps < least) [nearest, least] = [candidate, steps];
  }
  return nearest;
}
