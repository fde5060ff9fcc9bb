/** What the resolutions of a runtime read, kept current by its snapshot source. */
import { type Clock, type EpochMs, type Revision, type SnapshotSource, unitDraw } from "@colophon/kernel";
import type { Draw } from "./assign.ts";
import type { Declaration } from "./declaration.ts";
import type { Resolution, ResolveSpace } from "./resolution.ts";
import type { FindOverride, Snapshot } from "./snapshot.ts";

/** A source of snapshots; what is optional, one that never changes has no need of. */
export interface FedSource extends Partial<Omit<SnapshotSource, "start" | "asked">> {
  /** @param live what its runtime reads, for those who look after more than the snapshot. */
  start(listener: Parameters<SnapshotSource["start"]>[0], live: LiveSpace): void;
  /** As `SnapshotSource.asked`; true where what was asked for came meanwhile, so that it is decided anew. */
  asked?(resolution: Resolution): unknown;
  /** Told of each declaration. Must not throw. */
  declared?(declaration: Declaration): void;
  /** Waits for what it has to wait for; says what is still missing. Must not reject. */
  ready?(options?: ReadyOptions): Promise<string | undefined>;
}

/** How long to wait at start-up. */
export interface ReadyOptions {
  /** 5,000 when left out. */
  readonly timeoutMs?: number;
}

/** Whether the registry was read, and up to where. */
export interface Readiness {
  readonly ready: boolean;
  readonly revision: Revision | null;
  readonly environment: string;
  /** Why it is not ready. */
  readonly reason?: string | undefined;
}

export interface SpaceParts {
  readonly clock: Clock;
  readonly source: FedSource;
  /** Overrides that a snapshot does not carry, as far as they were fetched ahead. */
  readonly findOverride?: FindOverride | undefined;
  readonly environment: string;
  /** COLOPHON_OFF. */
  readonly off?: boolean;
  /** COLOPHON_PIN: versions by key. */
  readonly pins?: ReadonlyMap<string, number>;
  readonly draw?: Draw;
}

/** One object for all resolutions, as things are at the moment. */
export interface LiveSpace extends ResolveSpace {
  snapshot: Snapshot | undefined;
  stale: boolean;
  staleSince: EpochMs | null;
  fresh: (() => string) | undefined;
  readonly declarations: Map<string, Declaration>;
}

export function createLiveSpace(parts: SpaceParts): LiveSpace {
  return {
    off: false,
    pins: new Map(),
    draw: unitDraw,
    ...parts,
    fresh: undefined,
    snapshot: undefined,
    stale: false,
    staleSince: null,
    declarations: new Map(),
    get now() {
      return parts.clock.now();
    },
  };
}
