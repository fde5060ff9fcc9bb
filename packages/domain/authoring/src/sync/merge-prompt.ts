/** Merges a prompt file with what the registry says by now, line by line, and leaves alone what the merge does not touch. */
import { errorCodeOf } from "@colophon/kernel";
import { printPromptFile } from "../prompt-file/print-prompt-file.ts";
import { type PromptFilePlace, readPromptFile } from "../prompt-file/read-prompt-file.ts";
import type { PromptMetadata } from "../prompt-metadata.ts";
import { arrangeLike } from "./arrange-like.ts";
import { type CarriedChange, carryFields, carryLines } from "./carry-over.ts";
import { markConflicts, type SideNames } from "./conflict-markers.ts";
import { type MergeRegion, mergeLines } from "./merge-lines.ts";
import { NO_FACTS, type PromptContent, promptContent, sameContent } from "./prompt-content.ts";

export interface MergeSides {
  readonly key: string;
  readonly place: PromptFilePlace;
  /** The file as it lies there. */
  readonly source: string;
  readonly ours: PromptContent;
  /** What both sides were made from; null where nobody knows. */
  readonly base: PromptContent | null;
  readonly theirs: PromptContent;
  readonly names: SideNames;
}

export type MergedPrompt =
  | { readonly kind: "merged"; readonly source: string; readonly content: PromptContent }
  | {
      readonly kind: "conflict";
      /** With the marks of a merge; as the merged text where `problem` says why it is no prompt. */
      readonly source: string;
      readonly conflicts: number;
      /** Why a merge without conflicts of lines is one all the same. */
      readonly problem: string | null;
    };

/**
 * Both sides are printed alike and merged as such, so that a file's own way of writing is no conflict. The result
 * is then carried over into the file, whose comments and order stay where nothing changed.
 */
export function mergePrompt(sides: MergeSides): MergedPrompt {
  const { ours, base, theirs } = sides;
  const printed = {
    ours: printLines(ours, sides),
    base: base === null ? null : printLines(base, sides),
    theirs: printLines(theirs, sides),
  };
  const regions =
    printed.base === null
      ? compareLines(printed.ours, printed.theirs)
      : mergeLines({ ...printed, base: printed.base });
  const conflicts = regions.filter(({ kind }) => kind === "conflict").length;
  const merged = markConflicts(regions, sides.names);
  const lineEnd = lineEndOf(sides.source);
  const ways = waysToWrite({ file: linesOf(sides.source), printed: printed.ours, merged });
  const sources = ways.map((lines) => lines.join(lineEnd));
  const [first = ""] = sources;
  if (conflicts > 0) return { kind: "conflict", source: first, conflicts, problem: null };
  const content = readMerged(merged.join("\n"), sides.place);
  if (typeof content === "string") return { kind: "conflict", source: first, conflicts: 0, problem: content };
  const source = sources.find((one) => {
    const kept = readMerged(one, sides.place);
    return typeof kept !== "string" && sameContent(kept, content);
  });
  return { kind: "merged", source: source ?? merged.join(lineEnd), content };
}

/** The way that keeps most of the file first. */
function waysToWrite(change: CarriedChange): readonly (readonly string[])[] {
  const byFields = carryFields(change);
  return [...(byFields === null ? [] : [byFields]), carryLines(change)];
}

/** A file for a prompt that has none. */
export function newPromptFile(key: string, content: PromptContent, keyFromPath: string): string {
  return printPromptFile({ key, text: content.text, metadata: statedFacts(content) }, { keyFromPath });
}

/** The names in schemas and parameters stand in the order that our side has them in. */
function printLines(content: PromptContent, { key, place, ours }: MergeSides): readonly string[] {
  const text = arrangeLike(content.text, ours.text);
  const metadata = arrangeLike(statedFacts(content), ours.facts);
  return linesOf(printPromptFile({ key, text, metadata }, { keyFromPath: place.key }));
}

/** What nobody has said is not written either. */
function statedFacts({ facts }: PromptContent): PromptMetadata {
  const stated = Object.entries(facts).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(NO_FACTS[name as keyof PromptMetadata]),
  );
  return Object.fromEntries(stated);
}

function readMerged(source: string, place: PromptFilePlace): PromptContent | string {
  try {
    const { text, metadata } = readPromptFile(source, place);
    return promptContent(text, metadata);
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return (error as Error).message;
  }
}

/** Without an ancestor, whatever differs is a conflict; what both sides begin and end with is not shown as one. */
function compareLines(ours: readonly string[], theirs: readonly string[]): readonly MergeRegion[] {
  const shortest = Math.min(ours.length, theirs.length);
  let head = 0;
  while (head < shortest && ours[head] === theirs[head]) head++;
  let tail = 0;
  while (tail < shortest - head && ours.at(-1 - tail) === theirs.at(-1 - tail)) tail++;
  return [
    { kind: "settled", lines: ours.slice(0, head) },
    {
      kind: "conflict",
      base: [],
      ours: ours.slice(head, ours.length - tail),
      theirs: theirs.slice(head, theirs.length - tail),
    },
    { kind: "settled", lines: ours.slice(ours.length - tail) },
  ];
}

function linesOf(source: string): readonly string[] {
  return source.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
}

function lineEndOf(source: string): string {
  return /\r\n/.test(source) && !/[^\r]\n/.test(source) ? "\r\n" : "\n";
}
