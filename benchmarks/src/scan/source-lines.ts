/** Counts the lines of source code under a folder, as a scan would read them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the scanner reads, by the ends of names. */
export const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx|py)$/;
const LEFT_OUT = /^(?:node_modules|dist|\..*)$/;

export function sourceLines(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sum + (LEFT_OUT.test(entry.name) ? 0 : sourceLines(path));
    return sum + (entry.isFile() && SOURCE.test(entry.name) ? linesIn(readFileSync(path, "utf8")) : 0);
  }, 0);
}

export function linesIn(text: string): number {
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
