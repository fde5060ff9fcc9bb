/** The runtime: one application's resolver and recorder over a snapshot source and a ledger sink. */
import {
  type EpochMs,
  type IdSource,
  type LedgerSink,
  type RandomSource,
  type Revision,
  type Sha256,
  sha256,
  words,
} from "@colophon/kernel";
import { beginCall } from "./begin-call.ts";
import { Call } from "./call.ts";
import type { CallSpace } from "./call-space.ts";
import type { CaptureOption } from "./capture-option.ts";
import type { Declaration, ResolveContext } from "./declaration.ts";
import type { Fallback } from "./fallback.ts";
import {
  createLiveSpace,
  type LiveSpace,
  type Readiness,
  type ReadyOptions,
  type SpaceParts,
} from "./live-space.ts";
import { notGiven } from "./not-given.ts";
import type { Recorder, RecorderFace } from "./open-recorder.ts";
import { readContext } from "./read-context.ts";
import { type Decide, decide, type Resolved } from "./resolve.ts";
import type { ShadowCounts, Shadower } from "./shadower.ts";
import { buildSnapshot } from "./snapshot.ts";
import type { Telemetry } from "./tracing.ts";
import { unrecorded } from "./unrecorded.ts";
import type { Wire } from "./wire/wire.ts";

export interface RuntimeParts extends SpaceParts {
  /** Records calls; without it they are made, and that nothing is recorded is said once. */
  readonly recorder?: Recorder | undefined;
  /** Where the recorder writes. */
  readonly sink?: LedgerSink | undefined;
  /** Decides; where calls are many, from memory. */
  readonly decide?: Decide;
  readonly capture?: CaptureOption | undefined;
  readonly sha256?: Sha256;
  readonly chance?: () => number;
  /** Names executions and outcomes; the recorder's own out of clock and `random` when left out. */
  readonly ids?: IdSource;
  readonly random?: RandomSource;
  /** The clients whose arguments are written and whose answers are read. */
  readonly wires?: readonly Wire[];
  /** Spans of calls, where the application has telemetry. */
  readonly telemetry?: Telemetry | false | undefined;
  /** Goes on to a prompt's next model. */
  readonly fallback?: Fallback | undefined;
  /** Repeats live calls beside the application, where a rollout wants it. */
  readonly shadow?: Shadower | false | undefined;
  /** Told once about each thing a person should know. */
  readonly onNotice: (message: string) => void;
}

export interface Runtime extends RecorderFace {
  readonly environment: string;
  /**
   * Makes a prompt known: its text is the default tier, and a partial for others. A newer declaration
   * takes the place of an older one; two that differ are refused where prompts are declared.
   */
  declare(declaration: Declaration): void;
  resolve<Variables>(declaration: Declaration, context?: ResolveContext): Call<Variables>;
  /** The decision alone. */
  decide(declaration: Declaration, context: ResolveContext): Resolved;
  /** Waits for the first snapshot; the only call that may wait. */
  ready(options?: ReadyOptions): Promise<Readiness>;
  /** The snapshot in force, for reports. */
  status(): {
    readonly revision: Revision | null;
    readonly stale: boolean;
    readonly staleSince: EpochMs | null;
    /** Live calls that were repeated; null where nothing can be. */
    readonly shadow: ShadowCounts | null;
  };
  /** Writes what is still running as aborted, flushes, and lets go of source and sink. */
  close(): Promise<void>;
}

/** Opens a runtime over its parts. Nothing it does throws into a resolution. */
export function createRuntime(parts: RuntimeParts): Runtime {
  const { environment, source, fallback } = parts;
  // Node takes a policy in its place; elsewhere the first call that wants another model would end with an error.
  if (fallback && !fallback.record)
    throw notGiven(
      "fallback",
      words(() => "a policy"),
    );
  const live = createLiveSpace(parts);
  const decideHere: Runtime["decide"] = (declaration, context) =>
    (parts.decide ?? decide)(declaration, context, live);
  const shadow = (parts.shadow || undefined)?.open({ ...parts, live, decide: decideHere });
  const recorder = (parts.recorder ?? unrecorded).open({ sha256, ...parts, shadow });
  live.fresh = recorder.fresh;
  const space: CallSpace = { ...parts, recorder, begin: beginCall };
  const status: Runtime["status"] = () => {
    const { snapshot, stale, staleSince } = live;
    return { revision: snapshot?.revision ?? null, stale, staleSince, shadow: shadow?.counts() ?? null };
  };
  let closed: Promise<void> | undefined;
  const shut = async (): Promise<void> => {
    recorder.end?.();
    try {
      await source.close?.();
    } finally {
      await recorder.close?.();
    }
  };
  follow(parts, live);
  return {
    ...recorder.face,
    environment,
    declare(declaration) {
      if (declaration.pinned === null) live.declarations.set(declaration.key, declaration);
      source.declared?.(declaration);
    },
    decide: decideHere,
    resolve(declaration, given = {}) {
      const context = readContext(given);
      let resolved = decideHere(declaration, context);
      if (source.asked?.(resolved.resolution)) resolved = decideHere(declaration, context);
      return new Call({
        resolved,
        declaration,
        context,
        space,
        executionId: null,
        counted: undefined,
      });
    },
    async ready(options) {
      const reason = await source.ready?.(options);
      const { revision } = status();
      return { ready: revision !== null && !reason, revision, environment, reason };
    },
    status,
    close: () => (closed ??= shut()),
  };
}

/** Starts the source of a runtime; what it says is what is served from then on. */
function follow({ source, clock }: SpaceParts, live: LiveSpace): void {
  source.start(
    {
      onSnapshot(document) {
        live.snapshot = buildSnapshot(document);
      },
      onChange(change) {
        const { snapshot } = live;
        // A change that comes late must not take back what a later one brought.
        if (snapshot && change.revision >= snapshot.revision) live.snapshot = buildSnapshot(change, snapshot);
      },
      onLost(_, since) {
        live.stale = true;
        live.staleSince ??= since ?? clock.now();
      },
      onRecovered() {
        live.stale = false;
        live.staleSince = null;
      },
    },
    live,
  );
}
