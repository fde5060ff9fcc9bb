/** Reads JSON or YAML strictly, and says line and column of what is wrong. */
import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { keyInPrompts, promptFileValue } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import { parseDocument } from "yaml";
import type { CliIo } from "./cli-io.ts";

/** The text of a file, or of standard input for `-`. @throws HarnessError `input-malformed`. */
export async function readText(file: string, io: CliIo): Promise<string> {
  return file === "-" ? readInput(io) : decode(readBytes(file, io), file);
}

function readBytes(file: string, io: CliIo): Uint8Array {
  try {
    return readFileSync(resolve(io.cwd, file));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === undefined || !("syscall" in (cause as object))) throw cause;
    const why =
      code === "ENOENT" ? "is not there" : code === "EISDIR" ? "is a folder" : `cannot be read (${code})`;
    throw new HarnessError("input-malformed", `${file} ${why}; name a file that can be read.`, { cause });
  }
}

/**
 * What a file says of a prompt: a `.prompt` file, or JSON or YAML.
 *
 * @param key of the prompt, where the command names it.
 * @throws HarnessError `input-malformed`, or what the prompt file is wrong in.
 */
export async function readPromptValue(file: string, io: CliIo, key?: string): Promise<unknown> {
  if (!file.endsWith(".prompt")) return parseText(await readText(file, io), fileName(file));
  const path = resolve(io.cwd, file);
  const fromPath = keyInPrompts(relative(io.cwd, path)) ?? keyInPrompts(path);
  return promptFileValue({ source: readBytes(file, io), file, key: key ?? fromPath });
}

/** What errors call it. */
export function fileName(file: string): string {
  return file === "-" ? "standard input" : file;
}

async function readInput(io: CliIo): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of io.stdin) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return decode(Buffer.concat(chunks), fileName("-"));
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HarnessError("input-malformed", `${name} is not UTF-8 text; save it as UTF-8.`, { cause });
  }
}

/** The value of a JSON or YAML text. @throws HarnessError `input-malformed`, with line and column. */
export function parseText(text: string, name: string): unknown {
  const clean = text.replace(/^\uFEFF/, "");
  if (clean.trim() === "") {
    throw new HarnessError("input-malformed", `${name} is empty; write JSON or YAML into it.`);
  }
  const problem = jsonProblem(clean);
  // A file that calls itself JSON is not read as YAML, which would make another sense of its slips.
  if (problem !== undefined && name.endsWith(".json")) {
    throw malformed(name, { ...positionOf(clean, problem.at), what: problem.what });
  }
  // Tabs are space between JSON's tokens, but not between YAML's; JSON's strings hold none.
  return parseYaml(problem === undefined ? clean.replaceAll("\t", " ") : clean, name);
}

function parseYaml(text: string, name: string): unknown {
  const document = parseDocument(text, {
    version: "1.2",
    strict: true,
    uniqueKeys: true,
    prettyErrors: true,
  });
  const [problem] = document.errors;
  if (problem === undefined) return toJs(document, name);
  const [at] = problem.linePos ?? [];
  const what = problem.message.split(/ at line \d+|\n/)[0]?.replace(/[:.]$/, "") ?? "it is no YAML";
  throw malformed(name, { line: at?.line ?? 1, column: at?.col ?? 1, what });
}

interface Slip {
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

function malformed(name: string, { line, column, what }: Slip): HarnessError {
  return new HarnessError(
    "input-malformed",
    `${name} is malformed at line ${line}, column ${column}: ${what}; correct it there.`,
    { details: { line, column } },
  );
}

interface JsonProblem {
  readonly what: string;
  /** Index of the first character that JSON cannot go on with. */
  readonly at: number;
}

/** Undefined for text that is JSON. */
function jsonProblem(text: string): JsonProblem | undefined {
  const problem = parseProblem(text);
  if (problem === undefined) return undefined;
  // Not every message of the engine says where, but where a beginning stops being one can be searched.
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isBeginning(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return {
    what: isBeginning(text) ? "it ends too early" : `unexpected ${JSON.stringify(text[good] ?? "end")}`,
    at: good,
  };
}

/** The engine's message, or undefined for JSON. */
function parseProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether more text could make JSON of it. */
function isBeginning(text: string): boolean {
  const problem = parseProblem(text);
  if (problem === undefined || /end of JSON|Unterminated/.test(problem)) return true;
  return Number(/at position (\d+)/.exec(problem)?.[1] ?? -1) >= text.length;
}

function positionOf(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function toJs(document: ReturnType<typeof parseDocument>, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HarnessError("input-malformed", `${name} cannot be read: ${why}.`, { cause });
  }
}
