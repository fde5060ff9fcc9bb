/** Reads the input of a batch, line by line, and says which line is wrong. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Variables } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";

/** For whom a line is called. */
export interface LineContext {
  readonly user?: string;
  readonly tenant?: string;
  readonly document?: string;
  readonly documentType?: string;
  readonly session?: string;
}

export interface BatchLine {
  /** Counted from 1, blank lines included. */
  readonly line: number;
  readonly variables: Variables;
  readonly context: LineContext;
}

const SUBJECTS: readonly (keyof LineContext)[] = ["user", "tenant", "document", "documentType", "session"];

/** Blank lines are passed over. @throws HarnessError `input-malformed`, naming file and line. */
export async function* readBatchLines(
  file: string,
  names: ReadonlySet<string> | null,
): AsyncGenerator<BatchLine, void, undefined> {
  const lines = createInterface({
    input: createReadStream(file, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let line = 0;
  try {
    for await (const text of lines) {
      line++;
      // A byte order mark is no part of the first value.
      const clean = line === 1 ? text.replace(/^\uFEFF/, "") : text;
      if (clean.trim() !== "") yield readLine(clean, { file, line, names });
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code !== "ENOENT" && code !== "EISDIR" && code !== "EACCES") throw cause;
    throw new HarnessError(
      "input-malformed",
      `The input ${file} cannot be read (${code}); name a file that can.`,
      { cause },
    );
  } finally {
    lines.close();
  }
}

interface Place {
  readonly file: string;
  readonly line: number;
  /** Variables of the contract, null when it leaves them open. */
  readonly names: ReadonlySet<string> | null;
}

function readLine(text: string, place: Place): BatchLine {
  const value = parse(text, place);
  if (!isObject(value)) throw malformed(place, "is no JSON object");
  const fields = Object.keys(value);
  const wrapped =
    isObject(value.variables) && fields.every((name) => name === "variables" || isSubject(name));
  const given = wrapped ? (value.variables as Variables) : value;
  const context: Record<string, string> = {};
  const variables: Record<string, unknown> = { ...given };
  for (const name of SUBJECTS) {
    // A variable of that name belongs to the prompt, not to the ledger.
    if (!wrapped && (place.names === null || place.names.has(name))) continue;
    const subject = value[name];
    if (subject === undefined) continue;
    if (typeof subject !== "string" || subject === "")
      throw malformed(place, `has a ${name} that is no text`);
    context[name] = subject;
    if (!wrapped) delete variables[name];
  }
  return { line: place.line, variables, context };
}

function parse(text: string, place: Place): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(place, `is no JSON (${cause instanceof Error ? cause.message : String(cause)})`);
  }
}

function isSubject(name: string): boolean {
  return SUBJECTS.some((known) => known === name);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function malformed({ file, line }: Pick<Place, "file" | "line">, what: string): HarnessError {
  return new HarnessError(
    "input-malformed",
    `${file}, line ${line} ${what}; correct it, nothing was sent yet.`,
  );
}
