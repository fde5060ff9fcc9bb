/** Refuses texts that no registry would take, before any work is spent on them. */
import { CannotConvert } from "./cannot-convert.ts";

const MOST_CHARACTERS = 1_000_000;
const MOST_TAGS = 20_000;

/** @throws CannotConvert for a text that is too long, or has too many tags. */
export function boundSource(text: string): string {
  if (text.length > MOST_CHARACTERS) {
    throw new CannotConvert(
      `it has ${text.length} characters, and at most ${MOST_CHARACTERS} are read; shorten it.`,
    );
  }
  const tags = text.split(/\{[{%#]/).length - 1;
  if (tags > MOST_TAGS) {
    throw new CannotConvert(`it has ${tags} tags, and at most ${MOST_TAGS} are read; shorten it.`);
  }
  return text;
}
