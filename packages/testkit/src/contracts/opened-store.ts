/** A store under test, opened on injected time and chance, and let go of when the test is over. */
import type {
  Coordination,
  IdSource,
  LedgerStore,
  RandomSource,
  RecordStore,
  StoreCare,
} from "@colophon/kernel";
import { afterEach } from "vitest";
import { type FixedClock, fixedClock } from "../fixed-clock.ts";
import { seededIds } from "../seeded-ids.ts";
import { seededRandom } from "../seeded-random.ts";

/** What a contract gives to whoever opens the store: use it for all time and chance in there. */
export interface StoreParts {
  readonly clock: FixedClock;
  readonly ids: IdSource;
  readonly random: RandomSource;
}

export interface OpenedStore {
  readonly records: RecordStore;
  readonly ledger: LedgerStore;
  readonly care: StoreCare;
  readonly coordination: Coordination;
  /** The same store once more, as another process would open it; a store of one process gives itself. */
  again(): OpenedStore | Promise<OpenedStore>;
  /** Lets go of everything, further openings included; may be called twice. */
  dispose(): void | Promise<void>;
}

/** An adapter that wants to be held to a contract. */
export interface StoreContract {
  readonly name: string;
  /** A fresh store, each time another one. */
  open(parts: StoreParts): OpenedStore | Promise<OpenedStore>;
}

/** Anything that a test lets go of. */
export interface Disposable {
  dispose(): void | Promise<void>;
}

export type Fresh<T> = T & StoreParts;

let seed = 0;

/** Gives what opens a fresh one for each call, on parts of its own, and closes all after each test. */
export function freshly<T extends Disposable>(
  open: (parts: StoreParts) => T | Promise<T>,
): () => Promise<Fresh<T>> {
  const opened: Disposable[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.dispose();
  });
  return async () => {
    const clock = fixedClock();
    seed += 1;
    const parts: StoreParts = {
      clock,
      ids: seededIds({ clock, seed: `ids ${seed}` }),
      random: seededRandom(`keys ${seed}`),
    };
    const one = await open(parts);
    opened.push(one);
    return Object.assign(one, parts);
  };
}
