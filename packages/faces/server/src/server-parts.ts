/** What the routes of a server work with. */
import type { Harness, InstallationDesk } from "@colophon/harness";
import type { Actor, Clock, Right } from "@colophon/kernel";
import type { Logger } from "pino";

export interface ServerLimits {
  /** Bytes of a request's body. */
  readonly body: number;
  /** Bytes of a batch of ledger entries, unpacked. */
  readonly intake: number;
  /** Requests of one key or person in a minute, ledger batches and streams apart. */
  readonly requests: number;
  /** Streams of changes that one key or person may have open at once. */
  readonly streams: number;
  /** Milliseconds that a request may take. */
  readonly time: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  body: 8 * 1024 * 1024,
  intake: 32 * 1024 * 1024,
  requests: 6_000,
  streams: 5_000,
  time: 60_000,
};

export interface ServerParts {
  readonly desk: InstallationDesk;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: ServerLimits;
  /** Aborted when the server begins to shut down: streams end, nothing new is taken. */
  readonly stopping: AbortSignal;
}

/** Who asks, and what they may. */
export interface Caller {
  readonly actor: Actor;
  /** The key's project; null for people and for keys of the whole installation. */
  readonly project: string | null;
  readonly rights: readonly Right[];
}

/** A request that was let in to a project: the context variables of its routes. */
export interface ProjectVariables {
  readonly caller: Caller;
  readonly project: string;
  /** The project's store, with the caller as its actor. */
  readonly harness: Harness;
}
