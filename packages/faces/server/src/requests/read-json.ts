/** Reads JSON that a stranger wrote: its depth is looked at before anything recurses over it. */
import { HarnessError } from "@colophon/kernel";

/** Lists and objects within one another; far more than any record has. */
const DEEPEST = 100;

/**
 * @param name says in errors what was read.
 * @throws HarnessError `input-malformed`.
 */
export function readJson(text: string, name: string): unknown {
  if (isDeeper(text, DEEPEST)) {
    throw new HarnessError(
      "input-malformed",
      `${name} is nested more than ${DEEPEST} levels deep; flatten it.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new HarnessError("input-malformed", `${name} is no JSON; correct it.`);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** One pass over the text without a stack, so that no depth can harm it. */
function isDeeper(text: string, most: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    // `[` and `{`, `]` and `}` are 0x20 apart.
    else if ((code | 0x20) === 0x7b) {
      depth += 1;
      if (depth > most) return true;
    } else if ((code | 0x20) === 0x7d) depth -= 1;
  }
  return false;
}
