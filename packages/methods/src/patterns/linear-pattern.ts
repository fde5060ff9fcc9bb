/** A regular expression whose time grows with the text and no faster, for patterns that users write. */
import { HarnessError } from "@colophon/kernel";
import { RE2JS } from "re2js";
import { PatternFault } from "./pattern-fault.ts";
import { translatePattern } from "./translate-pattern.ts";

export interface LinearPattern {
  /** Characters and classes once repetitions are written out: what each character of a text may cost. */
  readonly size: number;
  /**
   * Whether the pattern is found in the text.
   *
   * @throws HarnessError `too-large` for a text that is too long for a pattern of this size.
   */
  test(text: string): boolean;
}

export type ReadPattern =
  | { readonly kind: "pattern"; readonly pattern: LinearPattern }
  /** Completes a sentence after "because". */
  | { readonly kind: "fault"; readonly why: string };

const LONGEST = 2_000;
const LARGEST = 2_000;
/** Characters of a text times the pattern's size. */
const MOST_STEPS = 40_000_000;
const FLAGS = /^[imsu]*$/;

/**
 * Reads a pattern as JavaScript writes it. Look-around, back-references and groups with flags of their own
 * are refused: no way is known to find them in linear time, or they are no part of the engine. Texts are read
 * by code points, as with the flag `u`; with `m` every end of a line is one `\n` to the pattern.
 *
 * @param flags out of i, m, s and u.
 * @example
 * const read = readPattern("^[A-Z]{2}\\d+$", "u");
 * if (read.kind === "pattern") read.pattern.test("AB12");
 */
export function readPattern(pattern: string, flags: string): ReadPattern {
  if (!FLAGS.test(flags) || new Set(flags).size !== flags.length) {
    return fault(`its flags are "${flags}", and some of i, m, s and u are taken, each once`);
  }
  if (pattern.length > LONGEST) {
    return fault(`it has ${pattern.length} characters, and at most ${LONGEST} are taken`);
  }
  try {
    return { kind: "pattern", pattern: compile(pattern, flags) };
  } catch (error) {
    if (error instanceof PatternFault) return fault(error.message);
    return fault(`it is no regular expression (${reasonOf(error)})`);
  }
}

function fault(why: string): ReadPattern {
  return { kind: "fault", why };
}

function compile(pattern: string, flags: string): LinearPattern {
  // What JavaScript does not take would mean something else in RE2.
  new RegExp(pattern, flags);
  const { text, size } = translatePattern(pattern, flags);
  if (size > LARGEST) {
    throw new PatternFault(`its repetitions come to ${size} characters, and at most ${LARGEST} are taken`);
  }
  const compiled = RE2JS.compile(text, flags.includes("i") ? RE2JS.CASE_INSENSITIVE : 0);
  const most = Math.floor(MOST_STEPS / Math.max(1, size));
  return {
    size,
    test(given) {
      if (given.length > most) {
        throw new HarnessError(
          "too-large",
          `A text of ${given.length} characters is too long for the pattern /${pattern}/${flags}, which is looked for in at most ${most}; shorten either.`,
        );
      }
      return compiled.test(flags.includes("m") ? given.replace(/\r\n?|[\u2028\u2029]/g, "\n") : given);
    },
  };
}

function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return said.slice(said.lastIndexOf(": ") + 1).trim();
}
