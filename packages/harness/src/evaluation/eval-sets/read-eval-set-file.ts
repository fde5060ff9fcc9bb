/** Reads an eval set out of a file, whatever its format, or says everything that is wrong with it. */
import { InputProblems } from "@colophon/evaluation";
import type { EvalSetFile, EvalSetPath, EvalSetText, ReadingFile } from "./eval-set-file.ts";
import { type FileLines, openFileLines, textLines } from "./file-lines.ts";
import { readCsvSet } from "./read-csv-set.ts";
import { readJsonlSet } from "./read-jsonl-set.ts";
import { readYamlSet } from "./read-yaml-set.ts";

/** The drafts of a large file are read from it as long as it is open. */
export interface OpenEvalSetFile extends EvalSetFile {
  /** @throws HarnessError `input-malformed` where the file was written to meanwhile. */
  checkUnchanged(): void;
  close(): void;
}

/** @throws HarnessError `input-malformed` naming the lines that cannot be taken in. */
export function readEvalSetFile(source: EvalSetText | EvalSetPath): OpenEvalSetFile {
  const { file } = source;
  const lines = linesOf(source);
  try {
    const problems = new InputProblems();
    const reading: ReadingFile = { file, at: (place) => (what) => problems.add(place, what) };
    const read = lines === null ? readText(source as EvalSetText, reading) : readJsonlSet(lines, reading);
    problems.refuse(file);
    return {
      ...read,
      checkUnchanged: () => lines?.checkUnchanged(),
      close: () => lines?.close(),
    };
  } catch (error) {
    lines?.close();
    throw error;
  }
}

/** Null for the formats that are documents and not lines. */
function linesOf(source: EvalSetText | EvalSetPath): FileLines | null {
  if ("path" in source) return openFileLines(source.path, source.file);
  return source.format === "jsonl" ? textLines(source.text, source.file) : null;
}

function readText({ text, format }: EvalSetText, reading: ReadingFile): EvalSetFile {
  const clean = text.replace(/^\uFEFF/, "");
  if (clean.trim() === "") reading.at("line 1")("there is nothing");
  return format === "csv" ? readCsvSet(clean, reading) : readYamlSet(clean, reading);
}
