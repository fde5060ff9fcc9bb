/** Reads an eval set out of JSON Lines: a case a line, and in the first line perhaps what holds for all. */
import { type CaseDraft, isFields, isProposed, readCaseDraft, refuseUnknown } from "@colophon/evaluation";
import { BARE_FILE, type EvalSetFile, type ReadingFile } from "./eval-set-file.ts";
import { readPromptfooTests } from "./promptfoo/read-promptfoo-tests.ts";
import { parseJson } from "./read-expected-text.ts";
import { readSetFields, SET_FIELDS } from "./read-set-fields.ts";

interface JsonLine {
  readonly place: string;
  readonly value: unknown;
}

export function readJsonlSet(text: string, reading: ReadingFile): EvalSetFile {
  const lines = jsonLines(text, reading);
  const has = (name: string): boolean => lines.some(({ value }) => isFields(value) && name in value);
  if (has("vars") && !has("variables")) return readPromptfooTests({ tests: lines }, reading);
  const [first, ...rest] = lines;
  const isHead =
    first !== undefined && isFields(first.value) && "format" in first.value && !("variables" in first.value);
  const cases = isHead ? rest : lines;
  const drafts = cases.flatMap(({ place, value }): readonly CaseDraft[] => {
    const provenance = { source: "import", ref: `${reading.file}, ${place}` } as const;
    const draft = readCaseDraft(value, { place, provenance }, reading.at(place));
    return draft === undefined ? [] : [draft];
  });
  const proposed = cases.some(({ value }) => isProposed(value));
  if (!isHead) return { ...BARE_FILE, drafts, proposed };
  const complain = reading.at(first.place);
  const head = first.value as Readonly<Record<string, unknown>>;
  refuseUnknown(head, SET_FIELDS, complain);
  return { ...BARE_FILE, ...readSetFields(head, complain), drafts, proposed };
}

/** Empty lines are passed over. */
function jsonLines(text: string, reading: ReadingFile): readonly JsonLine[] {
  return text.split("\n").flatMap((line, index): readonly JsonLine[] => {
    const place = `line ${index + 1}`;
    if (line.trim() === "") return [];
    const value = parseJson(line, (why) => reading.at(place)(`it ${why}`));
    return value === undefined ? [] : [{ place, value }];
  });
}
