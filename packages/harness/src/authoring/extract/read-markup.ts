/** Reads the components and pages of an application that may use its constants, but that nobody rewrites. */
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const MARKUP = "**/*.{vue,svelte,astro,mdx}";
/** Of others' making, or made by machines. */
const SKIPPED = /^(node_modules|\.git|dist|build|coverage)$/;

/** The texts of all of them below a folder. */
export function readMarkup(root: string): readonly string[] {
  const paths = globSync(MARKUP, { cwd: root, exclude: (path) => SKIPPED.test(basename(path)) });
  return paths.sort().map((path) => readFileSync(join(root, path), "utf8"));
}
