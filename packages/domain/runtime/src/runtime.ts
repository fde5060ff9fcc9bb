/** The runtime: one application's resolver and recorder over a snapshot source and a ledger sink. */
import {
  bodiesOf,
  type EpochMs,
  type ExecutionId,
  type LedgerSink,
  type Revision,
  type Sha256,
  type SnapshotSource,
  sha256,
  templatePartials,
  type WriteReceipt,
} from "@colophon/kernel";
import { Call } from "./call.ts";
import type { CallSpace } from "./call-space.ts";
import type { CaptureOption } from "./capture-option.ts";
import type { Declaration, ResolveContext } from "./declaration.ts";
import type { Fallback } from "./fallback.ts";
import { followSource, LiveSpace, type Readiness, type SpaceParts } from "./live-space.ts";
import type { KeptTexts, OutcomeInput, Recorder } from "./open-recorder.ts";
import type { Writers } from "./prepared-prompt.ts";
import { readContext } from "./read-context.ts";
import { type Resolution, type Resolved, resolve } from "./resolve.ts";
import type { Trace } from "./run-trace.ts";
import type { ShadowCounts, Shadower } from "./shadower.ts";
import { type Differences, tellDifferences } from "./tell-differences.ts";
import type { Telemetry } from "./tracing.ts";
import { unrecorded } from "./unrecorded.ts";
import type { Wire } from "./wire/wire.ts";

export interface RuntimeParts extends SpaceParts {
  /** Records calls; without it they are made, and that nothing is recorded is said once. */
  readonly recorder?: Recorder | undefined;
  /** Where the recorder writes. */
  readonly sink?: LedgerSink | undefined;
  readonly capture?: CaptureOption | undefined;
  readonly sha256?: Sha256;
  readonly chance?: () => number;
  /** The clients whose arguments are written and whose answers are read. */
  readonly wires?: readonly Wire[];
  /** Spans of calls, where the application has telemetry. */
  readonly telemetry?: Telemetry | undefined;
  /** Goes on to a prompt's next model. */
  readonly fallback?: Fallback | undefined;
  /** Repeats live calls beside the application, where a rollout wants it. */
  readonly shadow?: Shadower | undefined;
  /** Told once about each thing a person should know. */
  readonly onNotice: (message: string) => void;
}

export interface Runtime {
  readonly environment: string;
  /**
   * Makes a prompt known: its text is the default tier, and a partial for others. A newer declaration
   * takes the place of an older one; two that differ are refused where prompts are declared.
   */
  declare(declaration: Declaration): void;
  resolve<Variables>(declaration: Declaration, context?: ResolveContext): Call<Variables>;
  /** The decision alone. */
  decide(declaration: Declaration, context: ResolveContext): Resolved;
  outcome(execution: ExecutionId | Call<never>, outcome: OutcomeInput): WriteReceipt;
  /** Appends `editDistance` between the served text and what the user kept; returns it. */
  kept(execution: ExecutionId | Call<never>, texts: KeptTexts): number;
  /** Ties together the calls that a task makes; returns exactly what the task returned. */
  trace<R>(name: string, task: (trace: Trace) => R): R;
  /** Waits for the first snapshot; the only call that may wait. */
  ready(options?: { readonly timeoutMs?: number }): Promise<Readiness>;
  /** The snapshot in force, for reports. */
  status(): {
    readonly revision: Revision | null;
    readonly stale: boolean;
    readonly staleSince: EpochMs | null;
    /** Live calls that were repeated; null where nothing can be. */
    readonly shadow: ShadowCounts | null;
  };
  flush(): Promise<void>;
  /** Writes what is still running as aborted, flushes, and lets go of source and sink. */
  close(): Promise<void>;
}

/** Pins of conversations of which it is remembered that they were asked for. */
const FETCHED_PINS = 1_000;

/** Asks for the version of a conversation that the snapshot lacks; true where nobody had. */
function pinFetcher(source: SnapshotSource): (resolution: Resolution) => boolean {
  const fetched = new Set<string>();
  return ({ key, considered }) => {
    const [first] = considered;
    if (first?.tier !== "pin" || first.outcome !== "unknown-version" || !first.version) return false;
    const pin = `${key}@v${first.version}`;
    // Pins may come from clients: what is remembered of them is bounded, here and in the source.
    if (fetched.has(pin)) return false;
    if (fetched.size >= FETCHED_PINS) fetched.clear();
    fetched.add(pin);
    source.want(key, first.version, true);
    return true;
  };
}

/** Opens a runtime over its parts. Nothing it does throws into a resolution. */
export function createRuntime(parts: RuntimeParts): Runtime {
  const { clock, ids, source, fallback, environment, wires = [] } = parts;
  const live = new LiveSpace(parts);
  const writers: Writers = Object.assign({}, ...wires.map((wire) => wire.writers));
  const decide: Runtime["decide"] = (declaration, context) => resolve(declaration, context, live);
  const shadow = parts.shadow?.open({
    writers,
    chance: parts.chance,
    releaseOf: (key, at) => live.snapshot?.prompts.get(key)?.releases.get(at),
    decide,
  });
  const recorder = (parts.recorder ?? unrecorded).open({
    ...parts,
    wires,
    sha256: parts.sha256 ?? sha256,
    shadow,
  });
  const space: CallSpace = { clock, ids, fallback, writers, recorder };
  const fetchPin = pinFetcher(source);
  const differences = tellDifferences(live, parts.onNotice);
  let closed: Promise<void> | undefined;
  for (const [key, version] of live.pins) source.want(key, version);
  const { ready, leave } = followSource(live, parts, () => live.declarations.forEach(differences.tell));
  return {
    environment,
    declare: (declaration) => declare(declaration, { live, source, differences }),
    decide,
    resolve(declaration, context = {}) {
      const asked = readContext(context);
      source.asked?.();
      let resolved = decide(declaration, asked);
      // Where the registry is at hand the version came at once.
      if (asked.pin !== undefined && fetchPin(resolved.resolution)) resolved = decide(declaration, asked);
      return new Call(resolved, { declaration, context: asked, space });
    },
    outcome: (execution, outcome) => recorder.outcome(execution, outcome),
    kept: (execution, texts) => recorder.kept(execution, texts),
    trace: (name, task) => recorder.trace(name, task),
    ready,
    status() {
      const { snapshot, stale, staleSince } = live;
      return { revision: snapshot?.revision ?? null, stale, staleSince, shadow: shadow?.counts() ?? null };
    },
    flush: () => recorder.flush(),
    close: () => (closed ??= shut()),
  };

  async function shut(): Promise<void> {
    recorder.end();
    leave();
    try {
      await source.close();
    } finally {
      await recorder.close();
    }
  }
}

interface DeclareSpace {
  readonly live: LiveSpace;
  readonly source: SnapshotSource;
  readonly differences: Differences;
}

function declare(declaration: Declaration, { live, source, differences }: DeclareSpace): void {
  const { key, pinned, text, hash, callerHash } = declaration;
  if (pinned !== null) {
    source.want(key, pinned);
    return;
  }
  const known = live.declarations.get(key);
  live.declarations.set(key, declaration);
  if (known?.hash === hash && known.callerHash === callerHash) return;
  if (known) differences.forget(key);
  // Partials of the text in the code, which a snapshot has no other reason to hold.
  for (const body of text ? bodiesOf(text) : []) {
    for (const { name, version } of templatePartials(body)) if (version !== null) source.want(name, version);
  }
  differences.tell(declaration);
}
