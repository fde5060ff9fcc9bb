/** Refuses text that no database keeps: halves of characters anywhere, and the character U+0000 in names. */
import { HarnessError } from "@colophon/kernel";

/** Names, reasons and subjects stand in the fields themselves or one below; contents, which are kept as JSON, deeper or in lists. */
const NAMES_DEEP = 2;

/** @throws HarnessError `input-malformed` with the place. */
export function refuseBrokenText(fields: object): void {
  for (const [name, value] of Object.entries(fields)) look(value, { place: name, depth: 1 });
}

interface Place {
  readonly place: string;
  /** Infinite in lists. */
  readonly depth: number;
}

function look(value: unknown, { place, depth }: Place): void {
  if (typeof value === "string") {
    lookAtText(value, { place, depth });
  } else if (Array.isArray(value)) {
    for (const [at, each] of value.entries()) {
      look(each, { place: `${place}[${at}]`, depth: Number.POSITIVE_INFINITY });
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      lookAtText(name, { place, depth });
      look(each, { place: `${place}.${name}`, depth: depth + 1 });
    }
  }
}

function lookAtText(text: string, { place, depth }: Place): void {
  const said = place.toWellFormed().slice(0, 200);
  if (!text.isWellFormed()) {
    throw new HarnessError(
      "input-malformed",
      `${said} holds half of a character (a lone surrogate); send whole ones.`,
    );
  }
  if (depth <= NAMES_DEEP && text.includes("\0")) {
    throw new HarnessError(
      "input-malformed",
      `${said} holds the character U+0000, which no name may; leave it out.`,
    );
  }
}
