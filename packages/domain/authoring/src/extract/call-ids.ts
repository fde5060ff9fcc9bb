/** Names calls so that a plan finds them again: by their file and words, and equal ones by their order. */
import { sha256 } from "@colophon/kernel";

const ID_DIGITS = 16;

/** Gives each call of an application, asked in their order, an id that moves of lines leave as it is. */
export function createCallIds(): (file: string, said: string) => string {
  const seen = new Map<string, number>();
  return (file, said) => {
    const words = `${file}\n${said.replace(/\s+/g, " ")}`;
    const number = (seen.get(words) ?? 0) + 1;
    seen.set(words, number);
    // The same words may name other constants in another function.
    return sha256(number === 1 ? words : `${words}\n${number}`).slice(0, ID_DIGITS);
  };
}
