/** The runtime: one application's resolver and recorder over a snapshot source and a ledger sink. */
import {
  bodiesOf,
  type Clock,
  type EpochMs,
  type ExecutionId,
  HarnessError,
  hashText,
  type IdSource,
  type LedgerSink,
  type PartialRef,
  type Revision,
  type Sha256,
  type SnapshotSource,
  sha256,
  templatePartials,
  unitDraw,
  type WriteReceipt,
} from "@colophon/kernel";
import type { Draw } from "./assign.ts";
import { Call } from "./call.ts";
import type { CallSpace } from "./call-space.ts";
import type { CaptureOption } from "./capture-option.ts";
import type { Declaration, ResolveContext } from "./declaration.ts";
import type { Fallback } from "./fallback.ts";
import { howToPass } from "./how-to-pass.ts";
import type { KeptTexts, OpenRecorder, OutcomeInput, Recorder } from "./open-recorder.ts";
import type { Writers } from "./prepared-prompt.ts";
import { readContext } from "./read-context.ts";
import { type Resolution, type Resolved, type ResolveSpace, resolve } from "./resolve.ts";
import type { Trace } from "./run-trace.ts";
import type { OpenShadower, ShadowCounts, Shadower } from "./shadower.ts";
import { buildSnapshot, changeSnapshot, type FindOverride, type Snapshot } from "./snapshot.ts";
import type { Telemetry } from "./tracing.ts";
import type { Wire } from "./wire/wire.ts";

export interface RuntimeParts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly source: SnapshotSource;
  /** Overrides that a snapshot does not carry, as far as they were fetched ahead. */
  readonly findOverride?: FindOverride | undefined;
  readonly environment: string;
  /** Records calls; without it they are made, and that nothing is recorded is said once. */
  readonly recorder?: Recorder | undefined;
  /** Where the recorder writes. */
  readonly sink?: LedgerSink | undefined;
  readonly capture?: CaptureOption | undefined;
  /** COLOPHON_OFF. */
  readonly off?: boolean;
  /** COLOPHON_PIN: versions by key. */
  readonly pins?: ReadonlyMap<string, number>;
  readonly sha256?: Sha256;
  readonly draw?: Draw;
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

/** Whether the registry was read, and up to where. */
export interface Readiness {
  readonly ready: boolean;
  readonly revision: Revision | null;
  readonly environment: string;
  /** Why it is not ready. */
  readonly reason?: string;
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

/** Versions that conversations may have fetched, in the life of a process. */
const FETCHED_PINS = 1_000;
const DEFAULT_READY_TIMEOUT = 5_000;

/** The snapshot, kept current by its source. */
class SnapshotHolder {
  snapshot: Snapshot | undefined;
  staleSince: EpochMs | null = null;
  readonly #waiting: (() => void)[] = [];
  #lost: Error | undefined;

  constructor(source: SnapshotSource, more: { readonly clock: Clock; readonly changed: () => void }) {
    source.start({
      onSnapshot: (document) => {
        this.snapshot = buildSnapshot(document);
        this.#settle(more.changed);
      },
      onChange: (change) => {
        // A change that comes late must not take back what a later one brought.
        if (this.snapshot === undefined || change.revision < this.snapshot.revision) return;
        this.snapshot = changeSnapshot(this.snapshot, change);
        this.#settle(more.changed);
      },
      onLost: (error, since) => {
        this.#lost = error;
        this.staleSince ??= since ?? more.clock.now();
      },
      onRecovered: () => {
        this.staleSince = null;
        this.#lost = undefined;
      },
    });
  }

  #settle(changed: () => void): void {
    changed();
    for (const resume of this.#waiting.splice(0)) resume();
  }

  get whyNot(): string {
    return this.#lost?.message ?? "no snapshot has come yet";
  }

  async wait(timeoutMs: number): Promise<boolean> {
    if (this.snapshot !== undefined) return true;
    await new Promise<void>((done) => {
      const timer = setTimeout(done, timeoutMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        done();
      });
    });
    return this.snapshot !== undefined;
  }
}

/** What resolutions read, as it is at the moment: one object for all of them. */
class LiveSpace implements ResolveSpace {
  readonly environment: string;
  readonly draw: Draw;
  readonly off: boolean;
  readonly pins: ReadonlyMap<string, number>;
  readonly declarations = new Map<string, Declaration>();
  readonly fresh: () => string;
  readonly findOverride: FindOverride | undefined;
  holder: SnapshotHolder | undefined;
  readonly #clock: Clock;

  constructor(parts: RuntimeParts) {
    const { environment, draw = unitDraw, off = false, pins = new Map(), clock, ids } = parts;
    this.environment = environment;
    this.findOverride = parts.findOverride;
    this.draw = draw;
    this.off = off;
    this.pins = pins;
    this.fresh = () => ids.next();
    this.#clock = clock;
  }

  get snapshot(): Snapshot | undefined {
    return this.holder?.snapshot;
  }

  get stale(): boolean {
    return this.holder?.staleSince != null;
  }

  /** Asked only where an override expires. */
  get now(): EpochMs {
    return this.#clock.now();
  }
}

class OpenRuntime implements Runtime {
  readonly environment: string;
  readonly #parts: RuntimeParts;
  readonly #live: LiveSpace;
  readonly #holder: SnapshotHolder;
  readonly #space: CallSpace;
  readonly #shadow: OpenShadower | undefined;
  readonly #recorder: OpenRecorder | undefined;
  readonly #said = new Set<string>();
  readonly #fetchedPins = new Set<string>();
  #isUnrecorded = false;
  #closed: Promise<void> | undefined;

  constructor(parts: RuntimeParts) {
    const { clock, ids, source, fallback, wires = [] } = parts;
    this.#parts = parts;
    this.environment = parts.environment;
    this.#live = new LiveSpace(parts);
    const writers: Writers = Object.assign({}, ...wires.map((wire) => wire.writers));
    this.#shadow = parts.shadow?.open({
      writers,
      chance: parts.chance,
      releaseOf: (key, environment) => this.#live.snapshot?.prompts.get(key)?.releases.get(environment),
      decide: (declaration, context) => this.decide(declaration, context),
    });
    this.#recorder = parts.recorder?.open({
      ...parts,
      wires,
      sha256: parts.sha256 ?? sha256,
      shadow: this.#shadow,
    });
    this.#space = {
      clock,
      ids,
      fallback,
      writers,
      recorder: this.#recorder,
      unrecorded: () => this.#unrecorded(),
    };
    for (const [key, version] of this.#live.pins) source.want(key, version);
    this.#holder = new SnapshotHolder(source, { clock, changed: () => this.#compareAll() });
    this.#live.holder = this.#holder;
  }

  #unrecorded(): "dropped" {
    if (!this.#isUnrecorded) {
      this.#parts.onNotice(
        `calls are not recorded here; ${howToPass("recorder", "recorder")}, with a sink for the rows.`,
      );
    }
    this.#isUnrecorded = true;
    return "dropped";
  }

  declare(declaration: Declaration): void {
    if (declaration.pinned !== null) {
      this.#parts.source.want(declaration.key, declaration.pinned);
      return;
    }
    const { declarations } = this.#live;
    const known = declarations.get(declaration.key);
    const isOther =
      known !== undefined && (known.hash !== declaration.hash || known.callerHash !== declaration.callerHash);
    declarations.set(declaration.key, declaration);
    if (isOther) this.#said.delete(declaration.key);
    else if (known !== undefined) return;
    for (const { name, version } of partialsOf(declaration)) {
      if (version !== null) this.#parts.source.want(name, version);
    }
    this.#compare(declaration);
  }

  /** Says once where the code and what is live differ. */
  #compareAll(): void {
    for (const declaration of this.#live.declarations.values()) this.#compare(declaration);
  }

  #compare(declaration: Declaration): void {
    const snapshot = this.#holder?.snapshot;
    const entry = snapshot?.prompts.get(declaration.key);
    const live = entry?.releases.get(this.environment);
    const hash = live === undefined ? undefined : entry?.versions.get(live.version)?.hash;
    if (hash === undefined || hash === declaration.hash || this.#said.has(declaration.key)) return;
    const text = snapshot?.texts.get(hash);
    // A registered text also pins its partials by hash, which the code's own text cannot know.
    if (text !== undefined && hashText({ ...text, partials: undefined }) === declaration.hash) return;
    this.#said.add(declaration.key);
    this.#parts.onNotice(
      `${declaration.key}: ${this.environment} serves v${live?.version} (${hash.slice(0, 12)}), the text in the code is another (${declaration.hash.slice(0, 12)}).`,
    );
  }

  decide(declaration: Declaration, context: ResolveContext): Resolved {
    return resolve(declaration, context, this.#live);
  }

  resolve<Variables>(declaration: Declaration, context: ResolveContext = {}): Call<Variables> {
    const asked = readContext(context);
    this.#parts.source.asked?.();
    const resolved = resolve(declaration, asked, this.#live);
    if (asked.pin !== undefined) this.#fetchPin(resolved.resolution);
    return new Call<Variables>(resolved, { declaration, context: asked, space: this.#space });
  }

  /** A conversation older than the snapshot gets its version from its next call on. */
  #fetchPin({ key, considered }: Resolution): void {
    const first = considered[0];
    if (first?.tier !== "pin" || first.outcome !== "unknown-version" || first.version === undefined) return;
    const pin = `${key}@v${first.version}`;
    // Pins may come from clients: what they can make us fetch is bounded.
    if (this.#fetchedPins.has(pin) || this.#fetchedPins.size >= FETCHED_PINS) return;
    this.#fetchedPins.add(pin);
    this.#parts.source.want(key, first.version);
  }

  outcome(execution: ExecutionId | Call<never>, outcome: OutcomeInput): WriteReceipt {
    return this.#recorder?.outcome(execution, outcome) ?? this.#unrecorded();
  }

  kept(execution: ExecutionId | Call<never>, texts: KeptTexts): number {
    if (this.#recorder !== undefined) return this.#recorder.kept(execution, texts);
    throw new HarnessError(
      "usage",
      `kept() is an outcome, and nothing is recorded here; ${howToPass("recorder", "recorder")}.`,
    );
  }

  trace<R>(name: string, task: (trace: Trace) => R): R {
    return this.#recorder === undefined
      ? task({ trace: this.#parts.ids.next().replaceAll("-", "") })
      : this.#recorder.trace(name, task);
  }

  async ready(options: { readonly timeoutMs?: number } = {}): Promise<Readiness> {
    const ready = await this.#holder.wait(options.timeoutMs ?? DEFAULT_READY_TIMEOUT);
    const base = { ready, revision: this.#holder.snapshot?.revision ?? null, environment: this.environment };
    return ready ? base : { ...base, reason: this.#holder.whyNot };
  }

  status(): ReturnType<Runtime["status"]> {
    const { snapshot, staleSince } = this.#holder;
    const shadow = this.#shadow?.counts() ?? null;
    return { revision: snapshot?.revision ?? null, stale: staleSince !== null, staleSince, shadow };
  }

  async flush(): Promise<void> {
    await this.#recorder?.flush();
  }

  close(): Promise<void> {
    this.#closed ??= this.#shut();
    return this.#closed;
  }

  async #shut(): Promise<void> {
    this.#recorder?.end();
    try {
      await this.#parts.source.close();
    } finally {
      await this.#recorder?.close();
    }
  }
}

/** The partials of the text in the code, which a snapshot has no other reason to hold. */
function partialsOf({ text }: Declaration): readonly PartialRef[] {
  return text === null ? [] : bodiesOf(text).flatMap((body) => templatePartials(body));
}

/** Opens a runtime over its parts. Nothing it does throws into a resolution. */
export function createRuntime(parts: RuntimeParts): Runtime {
  return new OpenRuntime(parts);
}
