/** Bounds what all requests together may hold in memory: who comes when it is full is sent away, not queued. */
import { HarnessError } from "@colophon/kernel";

/** Seconds after which there may be room again. */
const RETRY_AFTER = 1;

export class ByteBudget {
  readonly #most: number;
  readonly #onChange: (held: number) => void;
  #held = 0;

  constructor(most: number, onChange: (held: number) => void) {
    this.#most = most;
    this.#onChange = onChange;
  }

  /**
   * Begins a holding, to be ended in any case.
   *
   * @throws HarnessError `too-many-requests` while it is full.
   */
  open(): ByteHolding {
    if (this.#held >= this.#most) throw this.#full();
    let own = 0;
    return {
      add: (bytes) => {
        if (this.#held + bytes > this.#most) throw this.#full();
        own += bytes;
        this.#move(bytes);
      },
      end: () => {
        this.#move(-own);
        own = 0;
      },
    };
  }

  #move(bytes: number): void {
    this.#held += bytes;
    this.#onChange(this.#held);
  }

  #full(): HarnessError {
    return new HarnessError(
      "too-many-requests",
      `${this.#held} bytes of the ledger wait to be stored, which is as much as this server holds; send the batch again.`,
      { details: { retryAfter: RETRY_AFTER } },
    );
  }
}

/** What one request holds. */
export interface ByteHolding {
  /** @throws HarnessError `too-many-requests` where there is no room for it. */
  add(bytes: number): void;
  end(): void;
}
