/** Cuts a comparison of lines down to what has changed, with a little of what stands around it. */
import { diffWordsWithSpace } from "diff";
import type { TextPiece } from "./compare-bodies.ts";

/** Changed lines that stand together. */
export interface Hunk {
  /** Its first line on each side, counted from 1. */
  readonly before: number;
  readonly after: number;
  /** The heading (Markdown) that its first change stands under; null for none. */
  readonly section: string | null;
  readonly lines: readonly TextPiece[];
  /** Runs of words of the changed lines, where lines were rewritten and not only added or removed; else null. */
  readonly words: readonly TextPiece[] | null;
}

/** Lines around a change that are shown. */
const CONTEXT = 2;
const HEADING = /^#{1,6} +/;
/** Beyond so many changes the time grows with their square. */
const MOST_CHANGES = 2_000;

/**
 * In the order of the text; none where nothing has changed.
 *
 * @example
 * import { diffVersions, hunksOf } from "@colophon/harness";
 * const { body } = await diffVersions(harness, "support.triage", { versions: [3, 4] });
 * for (const { lines } of body.messages) console.log(hunksOf(lines));
 */
export function hunksOf(lines: readonly TextPiece[], context = CONTEXT): readonly Hunk[] {
  const changed = lines.flatMap(({ change }, at) => (change === "same" ? [] : [at]));
  const spans: { from: number; to: number }[] = [];
  for (const at of changed) {
    const last = spans.at(-1);
    const from = Math.max(0, at - context);
    const to = Math.min(lines.length, at + context + 1);
    if (last !== undefined && from <= last.to) last.to = to;
    else spans.push({ from, to });
  }
  return spans.map(({ from, to }) => {
    const earlier = lines.slice(0, from);
    const own = lines.slice(from, to);
    const first = lines.findIndex(({ change }, at) => at >= from && change !== "same");
    const above = lines.slice(0, first).findLast(({ text }) => HEADING.test(text));
    return {
      before: 1 + earlier.filter(({ change }) => change !== "added").length,
      after: 1 + earlier.filter(({ change }) => change !== "removed").length,
      section: above === undefined ? null : above.text.replace(HEADING, "").trim(),
      lines: own,
      words: wordsOf(own),
    };
  });
}

function wordsOf(lines: readonly TextPiece[]): readonly TextPiece[] | null {
  const textOf = (wanted: TextPiece["change"]): string =>
    lines
      .filter(({ change }) => change === wanted)
      .map(({ text }) => text)
      .join("\n");
  const [removed, added] = [textOf("removed"), textOf("added")];
  if (removed.trim() === "" || added.trim() === "") return null;
  const runs = diffWordsWithSpace(removed, added, { maxEditLength: MOST_CHANGES });
  const isAlike = runs?.some((run) => !run.added && !run.removed && /\w/.test(run.value)) === true;
  if (!isAlike) return null;
  return runs.map(({ added: isNew, removed: isOld, value }) => ({
    change: isNew ? "added" : isOld ? "removed" : "same",
    text: value,
  }));
}
