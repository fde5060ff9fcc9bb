/** Mirrors what the code declares into the registry, in the background and idempotently. */
import type { MirroredDeclaration } from "@colophon/authoring/registration";
import type { AnyPrompt } from "../define/prompt.ts";

export interface MirrorParts {
  /** Writes what these prompts declare. */
  readonly register: (prompts: readonly AnyPrompt[]) => Promise<readonly MirroredDeclaration[]>;
  /** Waits before the next try after so many failed ones; false where none would help. */
  readonly retry: (error: unknown, tries: number) => Promise<boolean>;
  readonly onNotice: (message: string) => void;
}

export interface Mirror {
  add(prompt: AnyPrompt): void;
  /** Resolves when what was added so far is in the registry, or cannot be; after five seconds at the latest. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const FLUSH_MS = 5_000;
const CLOSE_MS = 500;

/** A mirror that writes as soon as the current turn of the event loop is over. */
export function createMirror(parts: MirrorParts): Mirror {
  const waiting = new Map<string, AnyPrompt>();
  let running: Promise<void> | undefined;
  let closed = false;

  const work = async (): Promise<void> => {
    for (let tries = 1; waiting.size > 0 && !closed; tries++) {
      const batch = [...waiting.values()];
      try {
        report(await parts.register(batch), parts);
        for (const prompt of batch) if (waiting.get(prompt.key) === prompt) waiting.delete(prompt.key);
      } catch (error) {
        if (await parts.retry(error, tries)) continue;
        waiting.clear();
        return;
      }
    }
  };

  const run = (): Promise<void> => {
    running ??= afterThisTurn()
      .then(work)
      .finally(() => {
        running = undefined;
      });
    return running;
  };

  return {
    add(prompt) {
      waiting.set(prompt.key, prompt);
      void run();
    },
    flush: () => (waiting.size > 0 ? within(FLUSH_MS, run()) : Promise.resolve()),
    async close() {
      // One last try, then what is left is mirrored by the next start.
      if (waiting.size > 0) await within(CLOSE_MS, run());
      closed = true;
    },
  };
}

function report(mirrored: readonly MirroredDeclaration[], parts: MirrorParts): void {
  for (const one of mirrored) {
    if (one.refused !== null) parts.onNotice(`${one.key} was not given a version: ${one.refused.message}`);
    if (one.keptMetadata === true) {
      parts.onNotice(
        `the metadata that the code states of ${one.key} was not taken: its key is one of some environments, and metadata holds in all.`,
      );
    }
  }
}

function afterThisTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Waits for the work, but no longer than that. */
async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}
