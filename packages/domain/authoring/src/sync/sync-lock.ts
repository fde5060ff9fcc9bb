/** `colophon.lock`: of each prompt the last version that its file and the registry had in common. */
import { HarnessError } from "@colophon/kernel";
import { promptKeyProblem } from "../prompt-key.ts";

/** The name of the file beside the folder of prompts. */
export const LOCK_FILE = "colophon.lock";

export interface LockEntry {
  readonly version: number;
  /** SHA-256 (64 hex digits) of that version's text. */
  readonly hash: string;
  /** `factsHash` of the facts beside the text that both had in common. */
  readonly metadata: string;
  /** The registry's newest version then, where it is another one: the file went back on purpose. */
  readonly seen?: number;
}

/** By key. */
export type SyncLock = ReadonlyMap<string, LockEntry>;

const FORMAT = 1;
const HASH = /^[0-9a-f]{64}$/;
const FACTS = /^[0-9a-f]{16}$/;
const CONFLICT = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/m;

/**
 * @param name of the file, for the sentence.
 * @throws HarnessError `input-malformed` for what `printLock` has not written, conflict markers among it.
 */
export function readLock(text: string, name: string): SyncLock {
  if (CONFLICT.test(text)) {
    throw malformed(
      name,
      "it has conflict markers of a merge: keep of each prompt the line with the higher version, and delete the markers",
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed(
      name,
      "it is no JSON: take it back from git, or delete it and run `colophon pull`",
      cause,
    );
  }
  const { format, prompts, ...others } = fieldsOf(value) ?? {};
  if (typeof format === "number" && format > FORMAT) {
    throw malformed(name, `it has the format ${format} of a newer Colophon: install that one`);
  }
  const entries = fieldsOf(prompts);
  if (format !== FORMAT || entries === undefined || Object.keys(others).length > 0) {
    throw malformed(
      name,
      `it holds more or less than "format": ${FORMAT} and "prompts": take it back from git`,
    );
  }
  refuseRepeated(text, { name, count: Object.keys(entries).length });
  return new Map(Object.entries(entries).map(([key, entry]) => [key, readEntry(key, { entry, name })]));
}

/** JSON keeps the last of two entries without a word, which a merge of git can leave behind. */
function refuseRepeated(
  text: string,
  { name, count }: { readonly name: string; readonly count: number },
): void {
  const written = text.match(/"hash"\s*:\s*"/g)?.length ?? 0;
  if (written > count) {
    throw malformed(name, "it has a prompt twice: keep the line with the higher version");
  }
}

function readEntry(
  key: string,
  { entry, name }: { readonly entry: unknown; readonly name: string },
): LockEntry {
  const problem = promptKeyProblem(key);
  if (problem !== undefined) throw malformed(name, problem.replace(/\.$/, ""));
  const { version, hash, metadata, seen, ...others } = fieldsOf(entry) ?? {};
  const isEntry =
    isVersion(version) &&
    typeof hash === "string" &&
    HASH.test(hash) &&
    typeof metadata === "string" &&
    FACTS.test(metadata) &&
    (seen === undefined || isVersion(seen)) &&
    Object.keys(others).length === 0;
  if (!isEntry) {
    throw malformed(
      name,
      `its entry of ${key} is not as Colophon writes it: take it back from git, or delete the line and run \`colophon pull\``,
    );
  }
  return { version, hash, metadata, ...(seen === undefined ? {} : { seen }) };
}

/** Sorted, a line for each prompt, so that git merges what happened to different prompts. */
export function printLock(lock: SyncLock): string {
  const lines = [...lock]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { version, hash, metadata, seen }]) => {
      const more = seen === undefined ? "" : `, "seen": ${seen}`;
      return `    ${JSON.stringify(key)}: { "version": ${version}, "hash": "${hash}", "metadata": "${metadata}"${more} }`;
    });
  const prompts = lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n  }`;
  return `{\n  "format": ${FORMAT},\n  "prompts": ${prompts}\n}\n`;
}

function isVersion(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

function malformed(name: string, what: string, cause?: unknown): HarnessError {
  return new HarnessError("input-malformed", `${name} cannot be read: ${what}.`, { cause });
}
