/** Carries a change over into a file that says the same in a way of its own: with comments, in another order. */
import { mergeLines } from "./merge-lines.ts";

export interface CarriedChange {
  /** The file as it lies there. */
  readonly file: readonly string[];
  /** What it says, printed. */
  readonly printed: readonly string[];
  /** What it is to say, printed. */
  readonly merged: readonly string[];
}

/** A field of the front matter with the lines that belong to it. */
interface Block {
  readonly name: string;
  /** Comments and empty lines before it. */
  readonly before: readonly string[];
  readonly lines: readonly string[];
}

interface SplitFile {
  readonly blocks: readonly Block[];
  /** Comments behind the last field. */
  readonly after: readonly string[];
  /** From the second `---` on. */
  readonly body: readonly string[];
}

const FIELD = /^(?:"([^"\\]+)"|'([^']+)'|([A-Za-z][\w.]*))[ \t]*:(?:[ \t]|$)/;

/** By lines: where the file is written in a way of its own and the change is about the same lines, the change stands. */
export function carryLines({ file, printed, merged }: CarriedChange): readonly string[] {
  return mergeLines({ base: printed, ours: file, theirs: merged }).flatMap((region) =>
    region.kind === "settled" ? region.lines : region.theirs,
  );
}

/** By fields of the front matter, whatever order they have; null for a file that is not written field by field. */
export function carryFields(change: CarriedChange): readonly string[] | null {
  const [file, printed, merged] = [change.file, change.printed, change.merged].map(splitFile);
  if (file == null || printed == null || merged == null) return null;
  const [before, wanted] = [blocksByName(printed), blocksByName(merged)];
  const kept = file.blocks.flatMap((block) => {
    const lines = carryBlock(block, before.get(block.name), wanted.get(block.name));
    return lines === null ? [] : [...block.before, ...lines];
  });
  const known = blocksByName(file);
  const added = merged.blocks.filter(({ name }) => !known.has(name)).flatMap(({ lines }) => lines);
  const body = carryLines({ file: file.body, printed: printed.body, merged: merged.body });
  return ["---", ...kept, ...added, ...file.after, ...body];
}

/** The lines of a field as they are to be; null for one that is to go. */
function carryBlock(
  { lines: file }: Block,
  printed: readonly string[] | undefined,
  merged: readonly string[] | undefined,
): readonly string[] | null {
  // What prints to nothing says nothing that was to change.
  if (merged === undefined) return printed === undefined ? file : null;
  if (printed === undefined) return merged;
  return carryLines({ file, printed, merged });
}

function blocksByName({ blocks }: SplitFile): ReadonlyMap<string, readonly string[]> {
  return new Map(blocks.map(({ name, lines }) => [name, lines]));
}

function splitFile(lines: readonly string[]): SplitFile | null {
  const end = lines.indexOf("---", 1);
  if (lines[0] !== "---" || end < 0) return null;
  const blocks: { name: string; before: readonly string[]; lines: string[] }[] = [];
  let between: string[] = [];
  for (const line of lines.slice(1, end)) {
    const [, quoted, single, bare] = FIELD.exec(line) ?? [];
    const name = quoted ?? single ?? bare;
    const last = blocks.at(-1);
    if (name !== undefined) {
      blocks.push({ name, before: between, lines: [line] });
      between = [];
    } else if (/^[ \t]+\S/.test(line) && last !== undefined) {
      last.lines.push(...between, line);
      between = [];
    } else if (line.trim() === "" || line.startsWith("#")) between.push(line);
    else return null;
  }
  return { blocks, after: between, body: lines.slice(end) };
}
