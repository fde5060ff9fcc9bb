/** The journal of a run: appended group by group, so that a killed run goes on where it was. */
import { closeSync, createReadStream, existsSync, ftruncateSync, openSync, rmSync, writeSync } from "node:fs";
import { NameNumbers, type RunJournal, type ScoredGroup } from "@colophon/evaluation";
import { HarnessError } from "@colophon/kernel";

export interface FileJournal extends RunJournal {
  /** Every finished group, in the order in which they were finished. */
  groups(): AsyncGenerator<ScoredGroup, void, undefined>;
  close(): void;
  /** Takes it away, once what it holds is kept elsewhere. */
  remove(): void;
}

/**
 * Opens the file and reads what is finished in it; a torn last line is cut off.
 *
 * @throws HarnessError `input-malformed` for a file that is no journal of a run.
 */
export async function openFileJournal(file: string): Promise<FileJournal> {
  const finished = new FinishedGroups();
  let whole = 0;
  if (existsSync(file)) {
    for await (const { group, end } of readGroups(file)) {
      finished.add(group);
      whole = end;
    }
  }
  const descriptor = openSync(file, "a");
  ftruncateSync(descriptor, whole);
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
    finished.forget();
  };
  return {
    get finished() {
      return finished.size;
    },
    has: (caseId, repeat) => finished.has(caseId, repeat),
    append(group) {
      // One write of a whole line: a kill leaves it there or not, but for a torn end that is cut off later.
      writeSync(descriptor, `${JSON.stringify(group)}\n`);
      finished.add(group);
    },
    async *groups() {
      for await (const { group } of readGroups(file)) yield group;
    },
    close,
    remove() {
      close();
      rmSync(file, { force: true });
    },
  };
}

/** Which repeats of which cases are there, in numbers alone. */
class FinishedGroups {
  #cases = new NameNumbers();
  readonly #byRepeat = new Map<number, Set<number>>();
  size = 0;

  has(caseId: string, repeat: number): boolean {
    const place = this.#cases.find(caseId);
    return place !== undefined && this.#byRepeat.get(repeat)?.has(place) === true;
  }

  add({ case: id, repeat }: Pick<ScoredGroup, "case" | "repeat">): void {
    const cases = this.#byRepeat.get(repeat) ?? new Set<number>();
    this.#byRepeat.set(repeat, cases);
    const place = this.#cases.of(id);
    if (cases.has(place)) return;
    cases.add(place);
    this.size += 1;
  }

  /** Keeps how many they are alone: nobody asks of a closed journal which. */
  forget(): void {
    this.#cases = new NameNumbers();
    this.#byRepeat.clear();
  }
}

/** Whole lines alone; `end` is the byte after each. */
async function* readGroups(
  file: string,
): AsyncGenerator<{ readonly group: ScoredGroup; readonly end: number }, void, undefined> {
  let end = 0;
  let number = 0;
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file)) {
    let buffer: Buffer = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    for (let at = buffer.indexOf(10); at >= 0; at = buffer.indexOf(10)) {
      number++;
      end += at + 1;
      yield { group: readGroup(buffer.subarray(0, at).toString("utf8"), { file, number }), end };
      buffer = buffer.subarray(at + 1);
    }
    rest = Buffer.from(buffer);
  }
}

function readGroup(text: string, at: { readonly file: string; readonly number: number }): ScoredGroup {
  try {
    const value = JSON.parse(text) as Partial<ScoredGroup> | null;
    if (typeof value?.case === "string" && typeof value.repeat === "number" && value.lines !== undefined) {
      return value as ScoredGroup;
    }
  } catch {
    // Said below: it is no group either way.
  }
  throw new HarnessError(
    "input-malformed",
    `${at.file}, line ${at.number} is no journal of a run; move the file away, and answers that were kept are not paid for again.`,
  );
}
