/** What the runtime's side of a server counts, for whoever shows it. */
import type { Revision } from "@colophon/kernel";

/** What became of one request's entries. */
export interface TakenBatch {
  readonly stored: number;
  readonly duplicates: number;
  readonly refused: number;
  /** Unpacked. */
  readonly bytes: number;
}

export interface RuntimeMeter {
  /** A request's entries were answered for. */
  took(project: string, batch: TakenBatch): void;
  /** Entries of so many requests were committed together. */
  committed(project: string, commit: { readonly requests: number; readonly entries: number }): void;
  /** Bytes that requests hold now, from the first that came to the answer. */
  held(bytes: number): void;
  /** Listeners of a project now. */
  listening(project: string, clients: number): void;
  /** One was let go of because it did not read. */
  dropped(project: string): void;
  /** The revision that is served. */
  served(project: string, revision: Revision): void;
  /** A client's clock is off by so many milliseconds: this server's less its own. */
  skewed(project: string, milliseconds: number): void;
}

export const SILENT_METER: RuntimeMeter = {
  took: () => undefined,
  committed: () => undefined,
  held: () => undefined,
  listening: () => undefined,
  dropped: () => undefined,
  served: () => undefined,
  skewed: () => undefined,
};
