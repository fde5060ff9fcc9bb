/** Writes declarations of the code into the embedded store, in one transaction. */
import { userInfo } from "node:os";
import { decideDeclarations, type MirroredDeclaration, missingTexts } from "@colophon/authoring/registration";
import type { Clock, RecordStore, VersionText } from "@colophon/kernel";
import { createSqliteRecordStore, openSqliteCore } from "@colophon/storage/sqlite/core";
import type { AnyPrompt } from "../define/prompt.ts";
import { commitOf, declarationOf } from "./declaration-of.ts";

export interface RegisterParts {
  readonly file: string;
  readonly environment: string;
  /** Whose code it is; null for one without a name. */
  readonly application: string | null;
  /** Whether a new text becomes a version; in development it is known by its hash alone. */
  readonly number: boolean;
  readonly clock: Clock;
}

/** Milliseconds that opening may hold the event loop. */
const OPEN_TIMEOUT = 10;

/**
 * Mirrors these prompts; the store is created where it is missing.
 *
 * @throws HarnessError `store-busy` while another process holds it, and what opening throws.
 */
export async function registerDeclarations(
  prompts: readonly AnyPrompt[],
  parts: RegisterParts,
): Promise<readonly MirroredDeclaration[]> {
  const core = openSqliteCore({
    file: parts.file,
    mode: "create",
    clock: parts.clock,
    openTimeout: OPEN_TIMEOUT,
  });
  try {
    return await decideAndAppend(createSqliteRecordStore(core), prompts, parts);
  } finally {
    core.close();
  }
}

/** Decides once, and again when the decision asks for texts of partials. */
async function decideAndAppend(
  records: RecordStore,
  prompts: readonly AnyPrompt[],
  parts: RegisterParts,
): Promise<readonly MirroredDeclaration[]> {
  const command = {
    environment: parts.environment,
    application: parts.application,
    declarations: prompts.map(declarationOf),
    number: parts.number,
    by: { id: author(), via: "sdk" },
    author: author(),
    commit: commitOf(process.env),
  } as const;
  let texts: ReadonlyMap<string, VersionText> = new Map();
  for (;;) {
    try {
      const known = texts;
      return (await records.append((state) => decideDeclarations(state, { ...command, texts: known })))
        .result;
    } catch (error) {
      const missing = missingTexts(error).filter((hash) => !texts.has(hash));
      const found = missing.length === 0 ? undefined : await records.listTexts(missing);
      if (found === undefined || found.size === 0) throw error;
      texts = new Map([...texts, ...found]);
    }
  }
}

function author(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user id may have no name.
    return "unknown";
  }
}
