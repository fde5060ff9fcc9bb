/** A template between two languages: what is printed, and under which conditions. */

export interface TextPiece {
  readonly kind: "text";
  readonly text: string;
}

/** A variable, printed as it is or as JSON. `path` is written as the house's language writes it. */
export interface ValuePiece {
  readonly kind: "value" | "json";
  readonly path: string;
}

export interface BlockPiece {
  readonly kind: "if" | "unless" | "each";
  readonly path: string;
  readonly body: readonly Piece[];
  readonly otherwise: readonly Piece[];
}

export interface PartialPiece {
  readonly kind: "partial";
  /** `shared.tone` or `shared.tone@v3`. */
  readonly ref: string;
}

/** A tag that stays as it is written, such as `{{history}}`. */
export interface TagPiece {
  readonly kind: "tag";
  readonly tag: string;
}

export type Piece = TextPiece | ValuePiece | BlockPiece | PartialPiece | TagPiece;

const SEGMENT = /^[\p{L}_$][\p{L}\p{M}\p{N}_$-]*$/u;
const LITERALS: readonly string[] = ["true", "false", "null", "undefined", "this"];
/** Alone in a tag they would be more than a variable. */
const WORDS =
  /^(?:if|unless|each|with|lookup|log|helperMissing|blockHelperMissing|role|json|history|else.*)$/u;

/** Whether a step can be part of a path of the house's language. */
export function isPathStep(step: string): boolean {
  return SEGMENT.test(step) && !LITERALS.includes(step);
}

/** A path of the variables, written so that no word of the language is meant. */
export function plainPath(steps: readonly string[]): string {
  const path = steps.join(".");
  return steps.length === 1 && WORDS.test(path) ? `this.${path}` : path;
}

/** What prints a text that may be missing: nothing then. */
export function optionalValue(path: string): BlockPiece {
  return { kind: "if", path, body: [{ kind: "value", path }], otherwise: [] };
}
