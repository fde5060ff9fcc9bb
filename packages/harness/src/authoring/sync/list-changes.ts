/** What became of prompts since their files last had something in common with the registry, texts included. */
import {
  factsHash,
  NO_FACTS,
  type PromptFacts,
  type RegistrySide,
  type VersionWithText,
  wholeFacts,
} from "@colophon/authoring";
import { HarnessError, type PromptState, type VersionEntry, type VersionText } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { headOf, knownVersion } from "./known-version.ts";

/** What is known of one prompt's last common version. */
export interface ChangesQuestion {
  readonly key: string;
  /** Hash of the text; null where nothing is known. */
  readonly hash: string | null;
  /** Hash of the facts beside it; null where nothing is known. */
  readonly metadata: string | null;
  /** Versions after this one are told; 0 for all. */
  readonly since: number;
}

export interface ChangesQuery {
  readonly prompts: readonly ChangesQuestion[];
}

/** Texts of so many characters go into one answer, or a single larger one. */
const MOST_CHARACTERS = 2_000_000;

/**
 * Answers for prompts that are there, in the order in which they were asked about, for as many as one answer can
 * hold: `taken` says for how many of the questions.
 */
export async function listChanges(
  harness: Harness,
  { prompts }: ChangesQuery,
): Promise<{ readonly taken: number; readonly sides: readonly RegistrySide[] }> {
  const state = await harness.records.state();
  const sides: RegistrySide[] = [];
  let characters = 0;
  let taken = 0;
  for (const question of prompts) {
    if (characters > MOST_CHARACTERS) break;
    taken++;
    const prompt = state.prompts.get(question.key);
    if (prompt === undefined) continue;
    const side = await registrySide(harness, { prompt, question });
    characters += JSON.stringify(side).length;
    sides.push(side);
  }
  return { taken, sides };
}

interface Asked {
  readonly prompt: PromptState;
  readonly question: ChangesQuestion;
}

async function registrySide(harness: Harness, { prompt, question }: Asked): Promise<RegistrySide> {
  const { key, versions, versionByHash, metadata } = prompt;
  const base = versions.get(versionByHash.get(question.hash ?? "") ?? 0);
  const head = headOf(prompt);
  const entries = [base, head].filter((entry) => entry !== undefined);
  const texts = await harness.records.listTexts(entries.map(({ hash }) => hash));
  const later = [...versions.values()]
    .filter(({ version }) => version > question.since)
    .sort((a, b) => a.version - b.version);
  return {
    key,
    newest: Math.max(0, ...versions.keys()),
    head: withText(head, texts),
    base: withText(base, texts),
    facts: wholeFacts(metadata),
    baseFacts: await earlierFacts(harness, { prompt, question }),
    later: later.map(knownVersion),
  };
}

function withText(
  entry: VersionEntry | undefined,
  texts: ReadonlyMap<string, VersionText>,
): VersionWithText | null {
  if (entry === undefined) return null;
  const text = texts.get(entry.hash);
  if (text !== undefined) return { ...knownVersion(entry), text };
  throw new HarnessError(
    "store-corrupt",
    `The store has no text ${entry.hash.slice(0, 12)} of ${entry.key}@v${entry.version}; run \`colophon verify\`.`,
  );
}

async function earlierFacts(harness: Harness, { prompt, question }: Asked): Promise<PromptFacts | null> {
  const { metadata: asked } = question;
  if (asked === null) return null;
  if (asked === factsHash(NO_FACTS)) return NO_FACTS;
  if (asked === factsHash(prompt.metadata)) return wholeFacts(prompt.metadata);
  const records = await harness.records.listRecords({ kinds: ["metadata"], key: prompt.key });
  for (const record of records.toReversed()) {
    if (record.kind === "metadata" && factsHash(record.data) === asked) return wholeFacts(record.data);
  }
  return null;
}
