/** The runtime: one application's resolver and recorder over a snapshot source and a ledger sink. */
import {
  bodiesOf,
  type Clock,
  checkOutcome,
  type EpochMs,
  type ExecutionId,
  editDistance,
  HarnessError,
  hashText,
  type IdSource,
  type LedgerSink,
  type OutcomeId,
  type OutcomeSource,
  type OutcomeValue,
  type PartialRef,
  parseExecutionId,
  type Revision,
  type Sha256,
  type SnapshotSource,
  sha256,
  templatePartials,
  unitDraw,
  type WriteReceipt,
} from "@colophon/kernel";
import type { AnswerReader } from "./answer.ts";
import type { Draw } from "./assign.ts";
import { Call, type CallSpace } from "./call.ts";
import type { CapturePolicy } from "./capture.ts";
import type { Declaration, ResolveContext } from "./declaration.ts";
import { openaiChatReader } from "./openai-chat.ts";
import { readContext } from "./read-context.ts";
import { createRenderCount, type RenderCount } from "./render-count.ts";
import { type Resolution, type Resolved, resolve } from "./resolve.ts";
import { createRetryDetector } from "./retry-detector.ts";
import type { Unended } from "./run-space.ts";
import { buildSnapshot, changeSnapshot, type Snapshot } from "./snapshot.ts";

/** Capture by environment; `default` holds for those not named. */
export type CaptureByEnvironment = Readonly<Record<string, CapturePolicy>>;

export interface RuntimeParts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly sink: LedgerSink;
  readonly source: SnapshotSource;
  readonly environment: string;
  readonly capture?: CaptureByEnvironment;
  /** COLOPHON_OFF. */
  readonly off?: boolean;
  /** COLOPHON_PIN: versions by key. */
  readonly pins?: ReadonlyMap<string, number>;
  readonly sha256?: Sha256;
  readonly draw?: Draw;
  readonly chance?: () => number;
  readonly readers?: readonly AnswerReader[];
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

/** A signal about an execution, as the application gives it. */
export interface OutcomeInput {
  readonly name: string;
  readonly value: OutcomeValue;
  readonly source?: OutcomeSource;
  readonly by?: string;
}

export interface Runtime {
  readonly environment: string;
  /** Makes a prompt known: its text is the default tier, and a partial for others. */
  declare(declaration: Declaration): void;
  resolve<Variables>(declaration: Declaration, context?: ResolveContext): Call<Variables>;
  /** The decision alone. */
  decide(declaration: Declaration, context: ResolveContext): Resolved;
  outcome(execution: ExecutionId | Call<never>, outcome: OutcomeInput): WriteReceipt;
  /** Appends `editDistance` between the served text and what the user kept; returns it. */
  kept(
    execution: ExecutionId | Call<never>,
    texts: { readonly served: string; readonly kept: string },
  ): number;
  /** Waits for the first snapshot; the only call that may wait. */
  ready(options?: { readonly timeoutMs?: number }): Promise<Readiness>;
  /** The snapshot in force, for reports. */
  status(): {
    readonly revision: Revision | null;
    readonly stale: boolean;
    readonly staleSince: EpochMs | null;
  };
  flush(): Promise<void>;
  /** Writes what is still running as aborted, flushes, and lets go of source and sink. */
  close(): Promise<void>;
}

const NO_CAPTURE: CapturePolicy = Object.freeze({ mode: "none" });
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
      onLost: (error) => {
        this.#lost = error;
        this.staleSince ??= more.clock.now();
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

class OpenRuntime implements Runtime {
  readonly environment: string;
  readonly #parts: RuntimeParts;
  readonly #holder: SnapshotHolder;
  readonly #space: CallSpace;
  readonly #declarations = new Map<string, Declaration>();
  readonly #renders: RenderCount;
  readonly #retries = createRetryDetector();
  readonly #inFlight = new Set<Unended>();
  readonly #draw: Draw;
  readonly #pins: ReadonlyMap<string, number>;
  readonly #said = new Set<string>();
  readonly #fetchedPins = new Set<string>();
  #closed: Promise<void> | undefined;

  constructor(parts: RuntimeParts) {
    this.#parts = parts;
    this.environment = parts.environment;
    this.#draw = parts.draw ?? unitDraw;
    this.#pins = parts.pins ?? new Map();
    this.#renders = createRenderCount({ clock: parts.clock, sink: parts.sink });
    this.#space = this.#callSpace();
    for (const [key, version] of this.#pins) parts.source.want(key, version);
    this.#holder = new SnapshotHolder(parts.source, {
      clock: parts.clock,
      changed: () => this.#compareAll(),
    });
  }

  #callSpace(): CallSpace {
    const { clock, ids, sink, chance = Math.random, readers = [openaiChatReader] } = this.#parts;
    return {
      clock,
      ids,
      sink,
      chance,
      readers,
      sha256: this.#parts.sha256 ?? sha256,
      inFlight: this.#inFlight,
      policyFor: (declaration, environment) => this.#policyFor(declaration, environment),
      recorded: () => this.#renders.sweep(),
      renders: this.#renders,
      asked: (execution, more) => this.#asked(execution, more),
    };
  }

  #policyFor(declaration: Declaration, environment: string): CapturePolicy {
    const { capture } = this.#parts;
    if (declaration.capture !== null) return declaration.capture;
    if (capture === undefined) return NO_CAPTURE;
    return (Object.hasOwn(capture, environment) ? capture[environment] : capture.default) ?? NO_CAPTURE;
  }

  #asked(execution: ExecutionId, more: Parameters<CallSpace["asked"]>[1]): void {
    const { session } = more.call.context;
    if (session === undefined) return;
    const { key } = more.call;
    const again = this.#retries.asked({
      key,
      session,
      execution,
      variables: more.variables,
      at: this.#parts.clock.now(),
    });
    if (again !== undefined)
      this.outcome(again, { name: "retried", value: true, source: "rule", by: "session-retry" });
  }

  declare(declaration: Declaration): void {
    if (declaration.pinned !== null) {
      this.#parts.source.want(declaration.key, declaration.pinned);
      return;
    }
    const known = this.#declarations.get(declaration.key);
    if (
      known !== undefined &&
      (known.hash !== declaration.hash || known.callerHash !== declaration.callerHash)
    ) {
      throw new HarnessError(
        "declaration-conflict",
        `"${declaration.key}" is declared twice with different content (${known.hash.slice(0, 12)} and ${declaration.hash.slice(0, 12)}); keep one declaration and import it.`,
      );
    }
    this.#declarations.set(declaration.key, declaration);
    if (known !== undefined) return;
    for (const { name, version } of partialsOf(declaration)) {
      if (version !== null) this.#parts.source.want(name, version);
    }
    this.#compare(declaration);
  }

  /** Says once where the code and what is live differ. */
  #compareAll(): void {
    for (const declaration of this.#declarations?.values() ?? []) this.#compare(declaration);
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
    return resolve(declaration, context, {
      snapshot: this.#holder.snapshot,
      stale: this.#holder.staleSince !== null,
      environment: this.environment,
      now: this.#parts.clock.now(),
      draw: this.#draw,
      off: this.#parts.off ?? false,
      pins: this.#pins,
      declarations: this.#declarations,
    });
  }

  resolve<Variables>(declaration: Declaration, context: ResolveContext = {}): Call<Variables> {
    const asked = readContext(context);
    const resolved = this.decide(declaration, asked);
    if (asked.pin !== undefined) this.#fetchPin(resolved.resolution);
    return new Call<Variables>(resolved, declaration, { context: asked, space: this.#space });
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
    const { name, value, source = "user", by = null } = outcome;
    checkOutcome({ name, value, source });
    const id = this.#parts.ids.next() as OutcomeId;
    return this.#parts.sink.writeOutcome({
      id,
      execution: executionOf(execution),
      name,
      // Half a surrogate pair would not survive a database.
      value: typeof value === "string" ? value.toWellFormed() : value,
      source,
      by: by === null ? null : by.toWellFormed(),
    });
  }

  kept(
    execution: ExecutionId | Call<never>,
    texts: { readonly served: string; readonly kept: string },
  ): number {
    const value = editDistance(texts.served, texts.kept);
    this.outcome(execution, { name: "editDistance", value, source: "user" });
    return value;
  }

  async ready(options: { readonly timeoutMs?: number } = {}): Promise<Readiness> {
    const ready = await this.#holder.wait(options.timeoutMs ?? DEFAULT_READY_TIMEOUT);
    const base = { ready, revision: this.#holder.snapshot?.revision ?? null, environment: this.environment };
    return ready ? base : { ...base, reason: this.#holder.whyNot };
  }

  status(): ReturnType<Runtime["status"]> {
    const { snapshot, staleSince } = this.#holder;
    return { revision: snapshot?.revision ?? null, stale: staleSince !== null, staleSince };
  }

  async flush(): Promise<void> {
    this.#renders.sweep();
    await this.#parts.sink.flush();
  }

  close(): Promise<void> {
    this.#closed ??= this.#shut();
    return this.#closed;
  }

  async #shut(): Promise<void> {
    for (const unended of [...this.#inFlight]) unended.abort();
    this.#renders.close();
    try {
      await this.#parts.source.close();
    } finally {
      await this.#parts.sink.close();
    }
  }
}

/** The partials of the text in the code, which a snapshot has no other reason to hold. */
function partialsOf({ text }: Declaration): readonly PartialRef[] {
  return text === null ? [] : bodiesOf(text).flatMap((body) => templatePartials(body));
}

function executionOf(execution: ExecutionId | Call<never>): ExecutionId {
  if (typeof execution === "string") return parseExecutionId(execution);
  if (execution.executionId !== null) return execution.executionId;
  throw new HarnessError(
    "execution-unknown",
    `${execution.key} was not called yet; record the call before its outcome.`,
  );
}

/** Opens a runtime over its parts. Nothing it does throws into a resolution. */
export function createRuntime(parts: RuntimeParts): Runtime {
  return new OpenRuntime(parts);
}
