/** The merge of a prompt's file with what the registry says. */
import { keyOfPath, type MergedPrompt, mergePrompt } from "@colophon/authoring";
import type { ComparedPrompt } from "./compare-folder.ts";

/** Null where one of the sides is missing. */
export function mergeView({ key, file, compared, side }: ComparedPrompt): MergedPrompt | null {
  const { base, theirs, theirVersion } = compared;
  if (file === null || theirs === null || side === null) return null;
  const { head } = side;
  const author = head !== null && head.version === theirVersion ? ` by ${plainWords(head.author)}` : "";
  return mergePrompt({
    key,
    place: { name: file.name, key: keyOfPath(file.path) },
    source: file.source,
    ours: file.content,
    base,
    theirs,
    names: {
      ours: file.name,
      base: side.base === null ? "nothing in common" : `v${side.base.version}`,
      theirs: `v${theirVersion}${author}`,
    },
  });
}

/** In one line, without what a terminal or a commit message would make something of. */
export function plainWords(words: string): string {
  return words.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
}
