/** Mirrors what the code declares into the embedded store, in the background and idempotently. */
import type { MirroredDeclaration } from "@colophon/authoring/registration";
import { errorCodeOf } from "@colophon/kernel";
import type { AnyPrompt } from "../define/prompt.ts";
import { type RegisterParts, registerDeclarations } from "./register-declarations.ts";

export interface MirrorParts extends RegisterParts {
  readonly onNotice: (message: string) => void;
}

export interface Mirror {
  add(prompt: AnyPrompt): void;
  /** Resolves when what was added so far is in the store, or cannot be. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds between tries while another process holds the store. */
const RETRY_PAUSE = 50;
/** Tries before a person is told; it goes on trying after that, more slowly. */
const PATIENT_TRIES = 40;
const SLOW_PAUSE = 2_000;

/** A mirror that writes as soon as the current turn of the event loop is over. */
export function createMirror(parts: MirrorParts): Mirror {
  const waiting = new Map<string, AnyPrompt>();
  let running: Promise<void> | undefined;
  let closed = false;

  const work = async (): Promise<void> => {
    for (let tries = 1; waiting.size > 0 && !closed; tries++) {
      const batch = [...waiting.values()];
      try {
        report(await registerDeclarations(batch, parts), parts);
        for (const prompt of batch) if (waiting.get(prompt.key) === prompt) waiting.delete(prompt.key);
      } catch (error) {
        const code = errorCodeOf(error);
        if (code !== "store-busy") {
          // A store in trouble is told by the ledger's sink, once for both.
          if (code === undefined || !code.startsWith("store-")) {
            parts.onNotice(`the prompts in the code are not mirrored: ${(error as Error).message}`);
          }
          waiting.clear();
          return;
        }
        if (tries === PATIENT_TRIES)
          parts.onNotice("the prompts in the code wait to be mirrored: the store is busy.");
        await (tries < PATIENT_TRIES ? pause(RETRY_PAUSE) : idle(SLOW_PAUSE));
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
    flush: () => (waiting.size > 0 ? run() : Promise.resolve()),
    async close() {
      // One last try, then what is left is mirrored by the next start.
      if (waiting.size > 0) await Promise.race([run(), pause(RETRY_PAUSE * 10)]);
      closed = true;
    },
  };
}

function report(mirrored: readonly MirroredDeclaration[], parts: MirrorParts): void {
  for (const one of mirrored) {
    if (one.refused !== null) parts.onNotice(`${one.key} was not given a version: ${one.refused.message}`);
  }
}

function afterThisTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A pause that does not keep a process alive which has nothing else to do. */
function idle(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
