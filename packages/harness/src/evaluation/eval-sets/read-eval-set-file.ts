/** Reads an eval set out of a file, whatever its format, or says everything that is wrong with it. */
import { InputProblems } from "@colophon/evaluation";
import type { EvalSetFile, EvalSetFormat, EvalSetText, ReadingFile } from "./eval-set-file.ts";
import { readCsvSet } from "./read-csv-set.ts";
import { readJsonlSet } from "./read-jsonl-set.ts";
import { readYamlSet } from "./read-yaml-set.ts";

const READERS: Readonly<Record<EvalSetFormat, (text: string, reading: ReadingFile) => EvalSetFile>> = {
  jsonl: readJsonlSet,
  csv: readCsvSet,
  yaml: readYamlSet,
};

/** @throws HarnessError `input-malformed` naming the lines that cannot be taken in. */
export function readEvalSetFile({ file, text, format }: EvalSetText): EvalSetFile {
  const problems = new InputProblems();
  const reading: ReadingFile = { file, at: (place) => (what) => problems.add(place, what) };
  const clean = text.replace(/^\uFEFF/, "");
  if (clean.trim() === "") problems.add("line 1", "there is nothing");
  const read = READERS[format](clean, reading);
  problems.refuse(file);
  return read;
}
