/** What differs between two bodies: by message, by line and by word. */
import type { Body } from "@colophon/kernel";
import { diffArrays, diffLines, diffWordsWithSpace } from "diff";

export type Change = "same" | "added" | "removed" | "changed";

/** A piece of text that both sides have, or only one. */
export interface TextPiece {
  readonly change: "same" | "added" | "removed";
  readonly text: string;
}

/** One message, or the whole of a text body. */
export interface MessageDiff {
  /** A role or `history`; null for a text body. */
  readonly role: string | null;
  /** The role before, where it changed. */
  readonly roleBefore: string | null;
  readonly change: Change;
  /** One entry for each line. */
  readonly lines: readonly TextPiece[];
  /** Runs of words with the space between them. */
  readonly words: readonly TextPiece[];
}

export interface BodyDiff {
  readonly same: boolean;
  readonly messages: readonly MessageDiff[];
}

interface Part {
  readonly role: string | null;
  readonly content: string;
}

export function compareBodies(before: Body, after: Body): BodyDiff {
  const messages = pairParts(partsOf(before), partsOf(after)).map(([a, b]) => compareParts(a, b));
  return { same: messages.every((message) => message.change === "same"), messages };
}

function partsOf(body: Body): readonly Part[] {
  if (typeof body === "string") return [{ role: null, content: body }];
  return body.map((part) => (part === "history" ? { role: "history", content: "" } : part));
}

/** Beyond so many changes the time grows with their square: then one side is gone and the other is new. */
const MOST_CHANGES = 2_000;

type Pair = readonly [Part | undefined, Part | undefined];

/** Equal messages stay together; between them, the first removed is held against the first added. */
function pairParts(before: readonly Part[], after: readonly Part[]): readonly Pair[] {
  const pairs: Pair[] = [];
  let removed: Part[] = [];
  let added: Part[] = [];
  const flush = (): void => {
    const length = Math.max(removed.length, added.length);
    for (let index = 0; index < length; index++) pairs.push(...pairUp(removed[index], added[index]));
    removed = [];
    added = [];
  };
  const comparator = (a: Part, b: Part): boolean => a.role === b.role && a.content === b.content;
  const options = { comparator, maxEditLength: MOST_CHANGES };
  for (const run of diffArrays([...before], [...after], options) ?? replaced([...before], [...after])) {
    if (run.removed) removed.push(...run.value);
    else if (run.added) added.push(...run.value);
    else {
      flush();
      pairs.push(...run.value.map((part): Pair => [part, part]));
    }
  }
  flush();
  return pairs;
}

/** The history slot is never another version of a message. */
function pairUp(a: Part | undefined, b: Part | undefined): readonly Pair[] {
  const apart = a !== undefined && b !== undefined && (a.role === "history") !== (b.role === "history");
  return apart
    ? [
        [a, undefined],
        [undefined, b],
      ]
    : [[a, b]];
}

function compareParts(before: Part | undefined, after: Part | undefined): MessageDiff {
  const a = before?.content ?? "";
  const b = after?.content ?? "";
  const role = (after ?? before)?.role ?? null;
  const roleBefore =
    before !== undefined && after !== undefined && before.role !== after.role ? before.role : null;
  const change = changeOf(before, after);
  return { role, roleBefore, change, lines: compareLines(a, b), words: compareWords(a, b) };
}

function changeOf(before: Part | undefined, after: Part | undefined): Change {
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  return before.role === after.role && before.content === after.content ? "same" : "changed";
}

interface Run<T = string> {
  readonly added: boolean;
  readonly removed: boolean;
  readonly value: T;
}

function replaced<T>(before: T, after: T): readonly Run<T>[] {
  return [
    { removed: true, added: false, value: before },
    { removed: false, added: true, value: after },
  ];
}

function pieceOf(run: Run, text: string): TextPiece {
  return { change: run.added ? "added" : run.removed ? "removed" : "same", text };
}

function compareLines(a: string, b: string): readonly TextPiece[] {
  // Without a last line end on both sides, a line appended would make its neighbour look changed.
  const [before, after] = [`${a}\n`, `${b}\n`];
  const runs = diffLines(before, after, { maxEditLength: MOST_CHANGES }) ?? replaced(before, after);
  return runs.flatMap((run) =>
    run.value
      .replace(/\n$/, "")
      .split("\n")
      .map((line) => pieceOf(run, line)),
  );
}

function compareWords(a: string, b: string): readonly TextPiece[] {
  const runs = diffWordsWithSpace(a, b, { maxEditLength: MOST_CHANGES }) ?? replaced(a, b);
  return runs.map((run) => pieceOf(run, run.value));
}
