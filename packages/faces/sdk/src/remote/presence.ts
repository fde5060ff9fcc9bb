/** Tells the server which revision this process serves: at each new one, and from time to time. */
import type { Clock, EpochMs, IdSource, Revision } from "@colophon/kernel";
import type { RemotePace } from "./remote-pace.ts";
import type { ServerCalls } from "./server-calls.ts";

export interface PresenceParts {
  readonly calls: ServerCalls;
  readonly environment: string;
  readonly application: string | null;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly pace: RemotePace;
}

/** Milliseconds that the last word may take: silence says it as well, only later. */
const LAST_WORD_MS = 500;

/** Nothing waits for it: a server that does not hear it is told with the next beat, without a word. */
export class Presence {
  readonly #parts: PresenceParts;
  readonly #id: string;
  #served: { readonly revision: Revision; readonly appliedAt: EpochMs } | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #telling: Promise<void> | undefined;
  #isNew = false;
  #wasTold = false;
  #ended = false;

  constructor(parts: PresenceParts) {
    this.#parts = parts;
    this.#id = parts.ids.next();
  }

  applied(revision: Revision): void {
    if (this.#ended || this.#served?.revision === revision) return;
    this.#served = { revision, appliedAt: this.#parts.clock.now() };
    this.#isNew = true;
    this.#heartbeat ??= setInterval(() => this.#tell(), this.#parts.pace.presentMs).unref();
    // Not before the turn in which it was applied is over.
    setImmediate(() => this.#tell()).unref();
  }

  async end(): Promise<void> {
    this.#ended = true;
    clearInterval(this.#heartbeat);
    await this.#telling;
    if (!this.#wasTold) return;
    const { calls } = this.#parts;
    const patience = AbortSignal.timeout(LAST_WORD_MS);
    await calls.ask({ method: "DELETE", path: `/followers/${this.#id}` }, patience).catch(() => undefined);
  }

  #tell(): void {
    if (this.#ended) return;
    this.#telling ??= this.#tellNow().finally(() => {
      this.#telling = undefined;
      if (this.#isNew) this.#tell();
    });
  }

  async #tellNow(): Promise<void> {
    const { calls, environment, application, pace } = this.#parts;
    this.#isNew = false;
    try {
      await calls.call(
        {
          method: "PUT",
          path: `/followers/${this.#id}`,
          body: { application, environment, ...this.#served },
        },
        AbortSignal.timeout(pace.presentMs),
      );
      this.#wasTold = true;
    } catch {
      // The snapshot's source says that the server is away.
    }
  }
}
