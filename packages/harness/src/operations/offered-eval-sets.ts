/** Use cases of eval sets, on any house. */
import { isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { HarnessError } from "@colophon/kernel";
import type { EvalSetFormat, EvalSetPath, EvalSetText } from "../evaluation/eval-sets/eval-set-file.ts";
import {
  type ImportEvalSetRequest,
  type ImportedEvalSet,
  importEvalSet as importFile,
} from "../evaluation/eval-sets/import-eval-set.ts";
import { type House, isRemote } from "../house.ts";
import {
  addExecutionOperation,
  auditSetOperation,
  exportEvalSetOperation,
  importEvalSetOperation,
  LARGEST_EVAL_SET,
  listEvalSetsOperation,
  proposeCasesOperation,
  showEvalSetOperation,
} from "./eval-set-operations.ts";
import { offer } from "./offer.ts";

/**
 * The newest version of each set, in the order of their names.
 *
 * @example
 * const overdue = (await listEvalSets(harness)).filter((set) => set.overdue);
 */
export const listEvalSets = (house: House) => offer(listEvalSetsOperation)(house, {});

/**
 * @throws HarnessError `usage`, `eval-set-unknown`, `version-unknown` or `store-corrupt`.
 * @example
 * const { cases, slices } = await showEvalSet(harness, "triage@v3");
 */
export const showEvalSet = (house: House, set: string) => offer(showEvalSetOperation)(house, { set });

/**
 * @throws HarnessError `usage`, `eval-set-unknown`, `version-unknown` or `store-corrupt`.
 * @example
 * const { text } = await exportEvalSet(harness, "triage@v3", "yaml");
 */
export const exportEvalSet = (house: House, set: string, format: EvalSetFormat) =>
  offer(exportEvalSetOperation)(house, { set, format });

/**
 * Where the store is at hand, a file may be larger than memory; a server is sent its content.
 *
 * @throws HarnessError `input-malformed` naming what is wrong at which line, `usage`, `key-unknown`, `version-unknown`,
 * or `too-large` for a file that a server does not take in at once.
 * @example
 * const { version } = await importEvalSet(harness, {
 *   file: { file: "cases.jsonl", format: "jsonl", text: '{"variables":{"ticket":"…"},"expected":"billing","split":"test"}' },
 *   name: "triage",
 * });
 */
export async function importEvalSet(house: House, request: ImportEvalSetRequest): Promise<ImportedEvalSet> {
  if (!isRemote(house)) return importFile(house, request);
  return offer(importEvalSetOperation)(house, { ...request, file: contentOf(request.file) });
}

function contentOf(file: EvalSetText | EvalSetPath): EvalSetText {
  const { file: name, format } = file;
  if ("path" in file) refuseLarge(name, sizeOf(file));
  const text = "path" in file ? readContent(file) : file.text;
  refuseLarge(name, Buffer.byteLength(text));
  return { file: name, format, text };
}

function refuseLarge(name: string, size: number): void {
  if (size <= LARGEST_EVAL_SET) return;
  throw new HarnessError(
    "too-large",
    `${name} has ${size} bytes, and a server takes in ${LARGEST_EVAL_SET} at once; import it in parts, each but the first with --add.`,
  );
}

/** What is no file has no size yet. */
function sizeOf({ path }: EvalSetPath): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function readContent({ path, file }: EvalSetPath): string {
  const bytes = readBytes(path, file);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw new HarnessError("input-malformed", `${file} is not UTF-8 text; save it as UTF-8.`);
}

function readBytes(path: string, file: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new HarnessError(
      "input-malformed",
      `${file} cannot be read (${code}); name a file that can be read.`,
      { cause },
    );
  }
}

/**
 * @throws HarnessError `usage`, `input-malformed`, `eval-set-unknown` or `execution-unknown`.
 * @example
 * const added = await addExecution(harness, {
 *   name: "triage",
 *   execution: "019bc2f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b",
 *   expected: "billing",
 * });
 * if (added.state === "insufficient") console.log(added.reason);
 */
export const addExecution = offer(addExecutionOperation);

/**
 * @throws HarnessError `usage`, `eval-set-unknown`, `key-unknown` or `environment-unknown`.
 * @example
 * const { proposals } = await proposeCases(harness, {
 *   name: "triage",
 *   where: "thumbs-down",
 *   since: Date.now() - 7 * 86_400_000,
 *   below: 0.5,
 *   limit: 50,
 * });
 */
export const proposeCases = offer(proposeCasesOperation);

/**
 * @throws HarnessError `usage`, `eval-set-unknown`, `version-unknown` or `key-unknown`.
 * @example
 * const { ok, leaks } = await auditSet(harness, { set: "triage", since: Date.now() - 30 * 86_400_000 });
 */
export const auditSet = offer(auditSetOperation);
