/** Counts what a scan leaves out, and why, so that nothing is left out silently. */

/** In the order in which people are told. */
export const LEFT_OUT_REASONS = [
  "unreadable",
  "binary",
  "large",
  "minified",
  "generated",
  "test",
  "ignored",
  "hidden",
  "dependencies",
  "link",
] as const;
export type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];

/** Of one reason: a folder counts as one, whatever is in it. */
export interface LeftOut {
  readonly reason: LeftOutReason;
  readonly files: number;
  readonly folders: number;
  /** The first of them, folders with `/` at their end. */
  readonly examples: readonly string[];
}

const MOST_EXAMPLES = 5;

export class LeftOutCount {
  readonly #counts = new Map<LeftOutReason, { files: number; folders: number; examples: string[] }>();

  /** @param path of a folder with `/` at its end. */
  add(reason: LeftOutReason, path: string): void {
    const count = this.#counts.get(reason) ?? { files: 0, folders: 0, examples: [] };
    if (path.endsWith("/")) count.folders += 1;
    else count.files += 1;
    if (count.examples.length < MOST_EXAMPLES) count.examples.push(path);
    this.#counts.set(reason, count);
  }

  list(): readonly LeftOut[] {
    return LEFT_OUT_REASONS.flatMap((reason) => {
      const count = this.#counts.get(reason);
      return count === undefined ? [] : [{ reason, ...count }];
    });
  }
}
