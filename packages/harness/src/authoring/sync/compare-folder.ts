/** Holds the prompt files of a folder against the registry, prompt by prompt. */
import {
  type ComparedSides,
  compareSides,
  factsHash,
  type LockEntry,
  NO_FACTS,
  pinnedHash,
  promptKey,
  type RegistrySide,
} from "@colophon/authoring";
import { HarnessError } from "@colophon/kernel";
import type { House } from "../../house.ts";
import { listChanges, listHeads } from "../../operations/offered-sync.ts";
import { MOST_QUESTIONS } from "../../operations/sync-operations.ts";
import type { ChangesQuestion } from "./list-changes.ts";
import type { PromptHead } from "./list-heads.ts";
import type { PromptFile, ReadFolder } from "./prompt-folder.ts";

/** One prompt with both its sides. */
export interface ComparedPrompt {
  readonly key: string;
  readonly file: PromptFile | null;
  readonly entry: LockEntry | null;
  /** Null for a prompt without a version. */
  readonly head: PromptHead | null;
  /** Null where nothing had to be asked. */
  readonly side: RegistrySide | null;
  readonly compared: ComparedSides;
}

export interface ComparedFolder {
  readonly prompts: readonly ComparedPrompt[];
  /** Every key of a file, of the lock or of the registry. */
  readonly known: readonly string[];
}

export interface CompareOptions {
  /** Only these prompts; absent for all. */
  readonly keys?: ReadonlySet<string>;
  /** Whether texts of prompts without a file are wanted too. */
  readonly withNew?: boolean;
}

/** In the order of their keys. Prompts of files that cannot be read are left out. */
export async function compareFolder(
  house: House,
  folder: ReadFolder,
  { keys, withNew = false }: CompareOptions = {},
): Promise<ComparedFolder> {
  const heads = await allHeads(house);
  const pins = knownPins(folder, heads);
  const files = new Map(folder.files.map((file) => [file.spec.key, file]));
  const unreadable = new Set(folder.problems.map(({ key }) => key));
  const known = new Set([...files.keys(), ...folder.lock.keys(), ...heads.keys()]);
  const asked = [...known]
    .filter((key) => !unreadable.has(key) && (keys === undefined || keys.has(key)))
    .sort()
    .map((key) => ({
      key,
      file: files.get(key) ?? null,
      entry: folder.lock.get(key) ?? null,
      head: heads.get(key) ?? null,
    }));
  const open = asked.filter((one) => one.head !== null && plainly(one, pins) === null);
  const wanted = open.filter(({ file, entry }) => withNew || file !== null || entry !== null);
  const sides = await allChanges(
    house,
    wanted.map((one) => questionOf(one, pins)),
  );
  return {
    known: [...known, ...unreadable],
    prompts: asked.map((one) => {
      const side = sides.get(one.key) ?? null;
      const content = one.file?.content ?? null;
      const compared =
        plainly(one, pins) ?? compareSides({ entry: one.entry, file: content, there: side ?? bareSide(one) });
      return { ...one, side, compared };
    }),
  };
}

type Asked = Pick<ComparedPrompt, "key" | "file" | "entry" | "head">;

/** What hashes alone say: that nothing has changed. */
function plainly({ file, entry, head }: Asked, pins: ReadonlyMap<string, string>): ComparedSides | null {
  if (file === null || entry === null || head?.head == null || entry.seen !== undefined) return null;
  const isSame =
    entry.version === head.head.version &&
    entry.hash === head.head.hash &&
    entry.metadata === head.metadata &&
    entry.metadata === factsHash(file.content.facts) &&
    entry.hash === pinnedHash(file.content.text, pins);
  if (!isSame) return null;
  return {
    state: "in-sync",
    base: file.content,
    theirs: file.content,
    theirVersion: entry.version,
    next: entry,
  };
}

/** Enough of a prompt without a file to say that it is there. */
function bareSide({ key, head }: Asked): RegistrySide | null {
  if (head === null) return null;
  return { key, newest: head.newest, head: null, base: null, facts: NO_FACTS, baseFacts: null, later: [] };
}

function questionOf({ key, file, entry }: Asked, pins: ReadonlyMap<string, string>): ChangesQuestion {
  if (entry !== null) {
    const { version, hash, metadata, seen = version } = entry;
    return { key, hash, metadata, since: seen };
  }
  const hash = file === null ? null : pinnedHash(file.content.text, pins);
  return { key, hash, metadata: null, since: 0 };
}

/** Versions whose hashes are known without asking for them. */
function knownPins(
  { lock }: ReadFolder,
  heads: ReadonlyMap<string, PromptHead>,
): ReadonlyMap<string, string> {
  const pins = new Map<string, string>();
  for (const [key, { version, hash }] of lock) pins.set(`${key}@v${version}`, hash);
  for (const [key, { head }] of heads) if (head !== null) pins.set(`${key}@v${head.version}`, head.hash);
  return pins;
}

async function allHeads(house: House) {
  const heads = new Map<string, PromptHead>();
  for (let after: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof listHeads>> = await listHeads(house, { after });
    for (const head of page.heads) heads.set(promptKey(head.key), head);
    if (page.next === null) return heads;
    if (after !== null && page.next <= after) {
      throw new HarnessError(
        "input-malformed",
        `The registry goes on after ${after} with ${page.next} again: look at what --store leads to.`,
      );
    }
    after = page.next;
  }
}

async function allChanges(house: House, questions: readonly ChangesQuestion[]) {
  const sides = new Map<string, RegistrySide>();
  for (let at = 0; at < questions.length; ) {
    const { taken, sides: found } = await listChanges(house, {
      prompts: questions.slice(at, at + MOST_QUESTIONS),
    });
    for (const side of found) sides.set(side.key, side);
    at += Math.max(1, taken);
  }
  return sides;
}
