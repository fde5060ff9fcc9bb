/** The way of other processes' entries into one project's ledger: what waits together is committed together. */
import { errorCodeOf, type LedgerStore, type StoreCare } from "@colophon/kernel";
import { type CommittedEntries, commitEntries, type PlacedEntry } from "./commit-entries.ts";

export interface IntakeParts {
  readonly ledger: LedgerStore;
  readonly care: Pick<StoreCare, "seal">;
  /** Told of each commit. */
  readonly onCommit?: (commit: { readonly requests: number; readonly entries: number }) => void;
  /** Told when rows could not be sealed or summed up; they stand all the same. */
  readonly onNotice?: (message: string) => void;
}

/** Entries that begin no further request in the same commit. */
const ENTRIES_PER_COMMIT = 2000;
/** Entries after which the chains are sealed and the sums folded, and milliseconds after the last one that does not reach it. */
const ENTRIES_PER_SEAL = 4096;
const SEAL_MS = 60_000;

interface Waiting {
  readonly entries: readonly PlacedEntry[];
  resolve(committed: CommittedEntries): void;
  reject(error: unknown): void;
}

export class LedgerIntake {
  readonly #parts: IntakeParts;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #sealing: Promise<void> | undefined;
  #unsealed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the entries are durable.
   *
   * @throws HarnessError of the store; then some may be there, and all may be sent again.
   */
  append(entries: readonly PlacedEntry[]): Promise<CommittedEntries> {
    const { promise, resolve, reject } = Promise.withResolvers<CommittedEntries>();
    this.#waiting.push({ entries, resolve, reject });
    this.#running ??= this.#run();
    return promise;
  }

  /** Resolves when all that was given is committed, or was refused, and sealed. */
  async close(): Promise<void> {
    await this.#running;
    clearTimeout(this.#timer);
    await this.#seal();
  }

  async #run(): Promise<void> {
    for (let group = this.#nextGroup(); group.length > 0; group = this.#nextGroup()) {
      try {
        await this.#commit(group);
      } catch (error) {
        // What is nobody's trouble but one request's fails that one alone.
        const isOfStore = errorCodeOf(error)?.startsWith("store-") === true;
        if (isOfStore || group.length === 1) for (const { reject } of group) reject(error);
        else for (const one of group) await this.#commit([one]).catch(one.reject);
      }
    }
    // In the same turn as the last look: who comes after it begins anew.
    this.#running = undefined;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const { ledger } = this.#parts;
    const committed = await commitEntries(
      ledger,
      group.map(({ entries }) => entries),
    );
    for (const [place, { resolve }] of group.entries()) resolve(committed[place] as CommittedEntries);
    this.#committed(group);
  }

  /** Whole requests, in the order in which they came. */
  #nextGroup(): readonly Waiting[] {
    let count = 0;
    let end = 0;
    for (const { entries } of this.#waiting) {
      if (end > 0 && count + entries.length > ENTRIES_PER_COMMIT) break;
      count += entries.length;
      end += 1;
    }
    return this.#waiting.splice(0, end);
  }

  #committed(group: readonly Waiting[]): void {
    const entries = group.reduce((sum, one) => sum + one.entries.length, 0);
    this.#parts.onCommit?.({ requests: group.length, entries });
    this.#unsealed += entries;
    if (this.#unsealed >= ENTRIES_PER_SEAL) void this.#seal();
    else this.#timer ??= setTimeout(() => void this.#seal(), SEAL_MS).unref();
  }

  /** Beside the commits that follow: rows stand without a seal as well, until the next one. */
  #seal(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#unsealed === 0) return this.#sealing ?? Promise.resolve();
    this.#sealing ??= this.#sealOnce().finally(() => {
      this.#sealing = undefined;
    });
    return this.#sealing;
  }

  async #sealOnce(): Promise<void> {
    this.#unsealed = 0;
    try {
      await this.#parts.care.seal();
    } catch (error) {
      this.#parts.onNotice?.(`The ledger was not sealed: ${(error as Error).message}`);
    }
  }
}
