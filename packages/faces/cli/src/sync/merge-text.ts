/** Shows people what a merge of a prompt's file with the registry comes to. */
import type { MergedPrompt } from "@colophon/harness";
import type { Paint } from "../cli.ts";

const AROUND = 2;

/** The lines in conflict, and a few around them. */
export function mergeText(merge: MergedPrompt, paint: Paint): string {
  if (merge.kind === "merged") return "Both changes fit together: `colophon pull` merges them.";
  if (merge.problem !== null)
    return `The lines fit together, but what comes of it is no prompt: ${merge.problem}`;
  const lines = merge.source.split(/\r?\n/);
  const sides = sidesOf(lines);
  const shown = lines.map((_, index) =>
    sides.slice(Math.max(0, index - AROUND), index + AROUND + 1).some((side) => side !== "both"),
  );
  return lines
    .flatMap((line, index) => {
      if (shown[index] !== true) return shown[index - 1] === true ? [paint.dim("  …")] : [];
      const plain = `  ${plainText(line)}`;
      return [PAINTS[sides[index] ?? "both"](plain, paint)];
    })
    .join("\n");
}

/** In one line, without what a terminal would make something of: for names and words that others have given. */
export function plainText(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ");
}

type Side = "both" | "mark" | "ours" | "base" | "theirs";

const PAINTS: Readonly<Record<Side, (text: string, paint: Paint) => string>> = {
  both: (text) => text,
  mark: (text, paint) => paint.bold(text),
  ours: (text, paint) => paint.green(text),
  base: (text, paint) => paint.dim(text),
  theirs: (text, paint) => paint.cyan(text),
};

/** Whose each line is. */
function sidesOf(lines: readonly string[]): readonly Side[] {
  let side: Side = "both";
  return lines.map((line) => {
    const next = nextSide(line, side);
    if (next === undefined) return side;
    side = next;
    return "mark";
  });
}

function nextSide(line: string, side: Side): Side | undefined {
  if (side === "both") return line.startsWith("<<<<<<< ") ? "ours" : undefined;
  if (line.startsWith("||||||| ")) return "base";
  if (line === "=======") return "theirs";
  return line.startsWith(">>>>>>> ") ? "both" : undefined;
}
