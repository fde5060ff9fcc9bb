/** Brings the snapshot that is served to disk: a while after it changed, and never while it changes. */
import type { Clock, EpochMs } from "@colophon/kernel";
import type { LastKnownGood } from "./last-known-good.ts";
import type { MirroredDocument } from "./mirrored-document.ts";
import type { RemotePace } from "./remote-pace.ts";

export interface SnapshotKeeperParts {
  readonly kept: LastKnownGood;
  readonly clock: Clock;
  readonly pace: RemotePace;
  readonly onNotice: (message: string) => void;
}

export class SnapshotKeeper {
  readonly #parts: SnapshotKeeperParts;
  #held: MirroredDocument | undefined;
  #edition = 0;
  /** What the disk has. */
  #keptEdition = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #markedAt = Number.NEGATIVE_INFINITY;
  #currentAt: EpochMs | undefined;
  #saidTrouble = false;

  constructor(parts: SnapshotKeeperParts) {
    this.#parts = parts;
  }

  /** When the server last said that what is served is current; undefined where it never did. */
  get currentAt(): EpochMs | undefined {
    return this.#currentAt;
  }

  /** What is served is another from now on. */
  changed(held: MirroredDocument): void {
    this.#held = held;
    this.#edition += 1;
    this.#timer ??= setTimeout(() => void this.#write(), this.#parts.pace.keepMs).unref();
  }

  /** What is served is what the server has. */
  current(): void {
    const { clock, kept, pace } = this.#parts;
    this.#currentAt = clock.now();
    if (performance.now() - this.#markedAt < pace.markMs) return;
    this.#markedAt = performance.now();
    if (this.#edition === this.#keptEdition) void kept.touch(this.#currentAt);
    // A disk that was full may have room again.
    else this.#timer ??= setTimeout(() => void this.#write(), pace.keepMs).unref();
  }

  /** Writes what is not on disk yet. */
  async close(): Promise<void> {
    // One that is being written may be overtaken already.
    await this.#write();
    await this.#write();
    clearTimeout(this.#timer);
  }

  #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeNow().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeNow(): Promise<void> {
    const { kept, pace, onNotice } = this.#parts;
    const held = this.#held;
    const edition = this.#edition;
    if (held === undefined || edition === this.#keptEdition) return;
    try {
      const isSame = (): boolean => this.#edition === edition;
      const isKept = await kept.write(held.document, held.etag, isSame);
      if (isKept) this.#keptEdition = edition;
      else this.#timer ??= setTimeout(() => void this.#write(), pace.keepMs).unref();
      if (isKept) this.#saidTrouble = false;
    } catch (error) {
      if (this.#saidTrouble) return;
      this.#saidTrouble = true;
      const { code, message } = error as NodeJS.ErrnoException;
      onNotice(
        `The snapshot cannot be kept on disk (${code ?? message}): a start while the server is away would serve the texts in the code.`,
      );
    }
  }
}
