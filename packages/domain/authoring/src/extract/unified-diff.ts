/** The changes of files as a unified diff, which `git apply` takes. */
import { createTwoFilesPatch } from "diff";
import type { FileChange } from "./extraction.ts";

export function unifiedDiff(changes: readonly FileChange[]): string {
  return changes.map(diffOf).join("");
}

function diffOf({ file, before, after }: FileChange): string {
  const from = before === null ? "/dev/null" : `a/${file}`;
  const to = after === null ? "/dev/null" : `b/${file}`;
  const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "", undefined, undefined, {
    context: 3,
  });
  // The line of equal signs in front is of another format.
  return patch.replace(/^=+\n/, "").replace(/^(---|\+\+\+) (.*?)\t$/gm, "$1 $2");
}
