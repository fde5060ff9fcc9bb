/** Reads names out of a closed list, with commas between them. */
import { HarnessError, nearestName } from "@colophon/kernel";

export interface NamesQuestion<T extends string> {
  readonly flag: string;
  readonly names: readonly T[];
  /** Completes "FLAG cannot …", as in `tell costs apart by`. */
  readonly what: string;
}

/** @throws HarnessError `usage`, with the nearest name. */
export function readNames<T extends string>(
  text: string,
  { flag, names, what }: NamesQuestion<T>,
): readonly T[] {
  return text.split(",").map((word) => {
    const name = word.trim();
    const known = names.find((one) => one === name);
    if (known !== undefined) return known;
    const near = nearestName(name, names);
    const hint = near === undefined ? `it takes ${names.join(", ")}.` : `did you mean ${near}?`;
    throw new HarnessError("usage", `${flag} cannot ${what} "${name}"; ${hint}`);
  });
}
