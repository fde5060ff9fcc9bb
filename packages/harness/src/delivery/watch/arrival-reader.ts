/** Reads what arrives in the ledger, a bounded stretch at a time, and says up to when it has read. */
import type { Arrivals, EpochMs, LedgerCursor } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";

const PAGE_ROWS = 2_000;
/** Pages of one look: what is left then is the next one's, so that many prompts are looked at in turn. */
const MOST_PAGES = 25;

export class ArrivalReader {
  readonly #harness: Harness;
  readonly #since: EpochMs;
  readonly #prompts: readonly string[];
  #after: LedgerCursor | undefined;
  #lastRow: EpochMs | null = null;
  #isDone = false;

  constructor(harness: Harness, about: { readonly prompts: readonly string[]; readonly since: EpochMs }) {
    this.#harness = harness;
    this.#prompts = about.prompts;
    this.#since = about.since;
  }

  /** Whether nothing waited when it was last read. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /**
   * Hands over what came since the last time, in the order in which it came.
   *
   * @returns the time up to which everything was read: now, or where rows wait the start of the last one read.
   */
  async read(take: (arrivals: Arrivals) => void): Promise<EpochMs> {
    const now = this.#harness.clock.now();
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const arrivals = await this.#harness.ledger.listArrivals({
        prompts: this.#prompts,
        limit: PAGE_ROWS,
        ...(this.#after === undefined ? { since: this.#since } : { after: this.#after }),
      });
      take(arrivals);
      this.#after = arrivals.cursor;
      this.#lastRow = arrivals.executions.at(-1)?.at ?? this.#lastRow;
      this.#isDone = arrivals.done;
      if (arrivals.done) return now;
    }
    return Math.min(now, this.#lastRow ?? this.#since);
  }
}
