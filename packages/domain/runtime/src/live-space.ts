/** What the resolutions of a runtime read, kept current by its snapshot source. */
import {
  type Clock,
  type EpochMs,
  type IdSource,
  type Revision,
  type SnapshotSource,
  unitDraw,
} from "@colophon/kernel";
import type { Draw } from "./assign.ts";
import type { Declaration } from "./declaration.ts";
import type { ResolveSpace } from "./resolution.ts";
import { buildSnapshot, changeSnapshot, type FindOverride, type Snapshot } from "./snapshot.ts";

export interface SpaceParts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly source: SnapshotSource;
  /** Overrides that a snapshot does not carry, as far as they were fetched ahead. */
  readonly findOverride?: FindOverride | undefined;
  readonly environment: string;
  /** COLOPHON_OFF. */
  readonly off?: boolean;
  /** COLOPHON_PIN: versions by key. */
  readonly pins?: ReadonlyMap<string, number>;
  readonly draw?: Draw;
}

/** One object for all resolutions, as things are at the moment. A class, since V8 is slower at literals with getters. */
export class LiveSpace implements ResolveSpace {
  snapshot: Snapshot | undefined;
  staleSince: EpochMs | null = null;
  readonly declarations = new Map<string, Declaration>();
  readonly environment: string;
  readonly source: SnapshotSource;
  readonly findOverride: FindOverride | undefined;
  readonly off: boolean;
  readonly pins: ReadonlyMap<string, number>;
  readonly draw: Draw;
  readonly fresh: () => string;
  readonly #clock: Clock;

  constructor({ clock, ids, off = false, pins = new Map(), draw = unitDraw, ...parts }: SpaceParts) {
    this.environment = parts.environment;
    this.source = parts.source;
    this.findOverride = parts.findOverride;
    this.off = off;
    this.pins = pins;
    this.draw = draw;
    this.fresh = () => ids.next();
    this.#clock = clock;
  }

  get stale(): boolean {
    return this.staleSince !== null;
  }

  /** Asked only where an override expires. */
  get now(): EpochMs {
    return this.#clock.now();
  }
}

/** Whether the registry was read, and up to where. */
export interface Readiness {
  readonly ready: boolean;
  readonly revision: Revision | null;
  readonly environment: string;
  /** Why it is not ready. */
  readonly reason?: string;
}

const DEFAULT_READY_TIMEOUT = 5_000;

/** Starts the source and follows it, telling of each snapshot; returns how to wait for the first, and how to stop that. */
export function followSource(space: LiveSpace, { clock, source }: SpaceParts, changed: () => void) {
  let lost: Error | undefined;
  let left = false;
  const waiting: (() => void)[] = [];
  const resumeAll = (): void => {
    for (const resume of waiting.splice(0)) resume();
  };
  const settle = (snapshot: Snapshot): void => {
    space.snapshot = snapshot;
    changed();
    resumeAll();
  };
  source.start({
    onSnapshot: (document) => settle(buildSnapshot(document)),
    onChange: (change) => {
      const { snapshot } = space;
      // A change that comes late must not take back what a later one brought.
      if (snapshot && change.revision >= snapshot.revision) settle(changeSnapshot(snapshot, change));
    },
    onLost: (error, since) => {
      lost = error;
      space.staleSince ??= since ?? clock.now();
    },
    onRecovered: () => {
      lost = undefined;
      space.staleSince = null;
    },
  });
  const leave = (): void => {
    left = true;
    resumeAll();
  };
  const ready = async ({ timeoutMs = DEFAULT_READY_TIMEOUT } = {}): Promise<Readiness> => {
    if (!space.snapshot && !left) {
      await new Promise<void>((done) => {
        const timer = setTimeout(done, timeoutMs);
        waiting.push(() => {
          clearTimeout(timer);
          done();
        });
      });
    }
    const { snapshot, environment } = space;
    if (snapshot) return { ready: true, revision: snapshot.revision, environment };
    return { ready: false, revision: null, environment, reason: lost?.message ?? "no snapshot has come yet" };
  };
  return { ready, leave };
}
