/** Reads the comments by which a source says that a text is to be left out. */
import type { SourceModule } from "../source/source-module.ts";

const IGNORE = /\bcolophon:\s*ignore(?:-(next-line|file))?\b/;

/**
 * Whether a text that begins on this line (from 1) is left out: by `colophon: ignore` on the same line or
 * the one before, or by `colophon: ignore-file` anywhere in the file.
 */
export function isIgnored(directives: SourceModule["directives"], line: number): boolean {
  return directives.some(({ line: at, text }) => {
    const [said, where] = IGNORE.exec(text) ?? [];
    if (said === undefined) return false;
    if (where === "file") return true;
    return at === line - 1 || (where === undefined && at === line);
  });
}
