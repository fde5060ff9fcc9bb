/** What a resolution reads, and the decision that it comes to. */
import type {
  Assignment,
  Considered,
  EpochMs,
  ErrorCode,
  Lane,
  ModelChoice,
  Reason,
  Revision,
  SnapshotSource,
  Tier,
} from "@colophon/kernel";
import type { Draw } from "./assign.ts";
import type { Declaration } from "./declaration.ts";
import type { Servable } from "./servable.ts";
import type { FindOverride, Snapshot } from "./snapshot.ts";

/** What became of the route that a call asked for. */
export interface ResolvedRoute {
  readonly name: string;
  /** Without a model of its own (`absent`), or with one that the code cannot call, the primary model serves. */
  readonly outcome: "chosen" | "absent" | "misfit";
  /** In words, where the outcome alone does not say it. */
  readonly reason?: string;
}

/** The decision about one call. */
export interface Resolution {
  readonly key: string;
  /** Null for a text that only the code knows. */
  readonly version: number | null;
  readonly hash: string;
  /** Null where a pin decided. */
  readonly tier: Tier | null;
  readonly lane: Lane | null;
  readonly reason: Reason;
  readonly errorCode: ErrorCode | null;
  /** The route's model where a route was chosen, else the primary one. */
  readonly model: ModelChoice;
  /** Null where no route was asked for. */
  readonly route: ResolvedRoute | null;
  readonly environment: string;
  readonly considered: readonly Considered[];
  readonly revision: Revision | null;
  /** True when the snapshot can no longer be refreshed. */
  readonly stale: boolean;
  readonly assignment: Assignment | null;
}

/** Everything a resolution reads besides its prompt and context. */
export interface ResolveSpace {
  readonly snapshot: Snapshot | undefined;
  /** Overrides that the snapshot does not carry; without it nobody fetched any. */
  readonly findOverride?: FindOverride | undefined;
  /** What knows whether a version that the snapshot lacks is still to be looked for; without it none is. */
  readonly source?: Pick<SnapshotSource, "isComing">;
  readonly stale: boolean;
  readonly environment: string;
  readonly now: EpochMs;
  readonly draw: Draw;
  /** A unit for one call alone, where a plan draws anew for each; without it such a plan draws nothing. */
  readonly fresh?: (() => string) | undefined;
  /** COLOPHON_OFF: only the defaults in the code. */
  readonly off: boolean;
  /** COLOPHON_PIN: versions by key, for the whole process. */
  readonly pins: ReadonlyMap<string, number>;
  /** Declarations by key, for partials that the registry does not serve. */
  readonly declarations: ReadonlyMap<string, Declaration>;
}

export interface Resolved {
  readonly resolution: Resolution;
  /** The model of the release, else of the text. */
  readonly primary: ModelChoice;
  /** The models behind it, in order, whether the code can call them or not. */
  readonly backup: readonly ModelChoice[] | undefined;
  /** Null only for a pinned handle whose version nobody has. */
  readonly servable: Servable | null;
}
