/** Reads an eval set out of JSON Lines: a case a line, and in the first line perhaps what holds for all. */
import {
  type CaseDraft,
  type Complain,
  isFields,
  isProposed,
  readCaseDraft,
  refuseUnknown,
} from "@colophon/evaluation";
import { HarnessError } from "@colophon/kernel";
import type { DraftSource } from "./draft-source.ts";
import { BARE_FILE, type EvalSetFile, type ReadingFile } from "./eval-set-file.ts";
import type { FileLines, LinePlace } from "./file-lines.ts";
import { readPromptfooTests } from "./promptfoo/read-promptfoo-tests.ts";
import { parseJson } from "./read-expected-text.ts";
import { readSetFields, SET_FIELDS } from "./read-set-fields.ts";

/** Every line is read and held against the form; what is kept of a case is where it stands. */
export function readJsonlSet(lines: FileLines, reading: ReadingFile): EvalSetFile {
  const fields = fieldsOf(lines);
  if (fields.has("vars") && !fields.has("variables")) {
    return readPromptfooTests({ tests: [...jsonLines(lines, reading)] }, reading);
  }
  const cases = new LinePlaces();
  let head: JsonLine | null = null;
  let proposed = false;
  let isFirst = true;
  for (const line of jsonLines(lines, reading)) {
    const { value } = line;
    if (isFirst && isFields(value) && "format" in value && !("variables" in value)) head = line;
    else {
      readLine(line, reading, reading.at(line.place));
      proposed ||= isProposed(value);
      cases.add(line);
    }
    isFirst = false;
  }
  const drafts = new JsonlDrafts(lines, cases, reading);
  if (head === null) return { ...BARE_FILE, drafts, proposed };
  const complain = reading.at(head.place);
  const all = head.value as Readonly<Record<string, unknown>>;
  refuseUnknown(all, SET_FIELDS, complain);
  return { ...BARE_FILE, ...readSetFields(all, complain), drafts, proposed };
}

interface JsonLine extends LinePlace {
  readonly number: number;
  readonly place: string;
  readonly value: unknown;
}

/** Empty lines are passed over, and with a complaint those that are no JSON. */
function* jsonLines(lines: FileLines, reading: ReadingFile): Generator<JsonLine> {
  let count = 0;
  for (const { number, start, bytes, text } of lines) {
    count += 1;
    const place = `line ${number}`;
    const value = parseJson(text, (why) => reading.at(place)(`it ${why}`));
    if (value !== undefined) yield { number, start, bytes, place, value };
  }
  if (count === 0) reading.at("line 1")("there is nothing");
}

/** What stands in any line: a first line may belong to either form. */
function fieldsOf(lines: FileLines): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { text } of lines) {
    const value = parseJson(text, () => undefined);
    if (!isFields(value)) continue;
    for (const name of ["vars", "variables"]) if (name in value) found.add(name);
    if (found.has("variables")) break;
  }
  return found;
}

function readLine(
  { place, value }: Pick<JsonLine, "place" | "value">,
  { file }: Pick<ReadingFile, "file">,
  complain: Complain,
): CaseDraft | undefined {
  const provenance = { source: "import", ref: `${file}, ${place}` } as const;
  return readCaseDraft(value, { place, provenance }, complain);
}

/** Where lines stand, in numbers alone. */
class LinePlaces {
  readonly #starts: number[] = [];
  readonly #bytes: number[] = [];
  readonly #numbers: number[] = [];

  add({ start, bytes, number }: Pick<JsonLine, "start" | "bytes" | "number">): void {
    this.#starts.push(start);
    this.#bytes.push(bytes);
    this.#numbers.push(number);
  }

  get length(): number {
    return this.#numbers.length;
  }

  at(index: number): (LinePlace & { readonly number: number }) | undefined {
    const number = this.#numbers[index];
    if (number === undefined) return undefined;
    return { start: this.#starts[index] as number, bytes: this.#bytes[index] as number, number };
  }
}

/** Reads a case again each time it is asked for. */
class JsonlDrafts implements DraftSource {
  readonly #lines: FileLines;
  readonly #places: LinePlaces;
  readonly #reading: Pick<ReadingFile, "file">;

  constructor(lines: FileLines, places: LinePlaces, reading: Pick<ReadingFile, "file">) {
    this.#lines = lines;
    this.#places = places;
    this.#reading = reading;
  }

  at(index: number): CaseDraft | undefined {
    const place = this.#places.at(index);
    if (place === undefined) return undefined;
    const text = this.#lines.read(place);
    const line = { place: `line ${place.number}`, value: parseJson(text, () => undefined) };
    const draft = readLine(line, this.#reading, () => undefined);
    if (draft !== undefined) return draft;
    throw new HarnessError(
      "input-malformed",
      `${this.#reading.file}, ${line.place} was written to while it was read; wait until the file is whole. Nothing was recorded.`,
    );
  }

  *[Symbol.iterator](): Iterator<CaseDraft> {
    for (let index = 0; index < this.#places.length; index++) yield this.at(index) as CaseDraft;
  }
}
