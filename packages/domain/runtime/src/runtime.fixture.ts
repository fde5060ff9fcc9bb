/** A runtime over parts that tests can look into: rows in memory, a clock by hand, snapshots given. */
import {
  buildText,
  createIdSource,
  type ExecutionDraft,
  type ExecutionStart,
  hashBody,
  hashCaller,
  hashText,
  type LedgerSink,
  type OutcomeDraft,
  type SnapshotChange,
  type SnapshotDocument,
  type SnapshotListener,
  type SnapshotPrompt,
  type SnapshotRelease,
  type TextParts,
  type VersionText,
} from "@colophon/kernel";
import type { Declaration } from "./declaration.ts";
import { followRegistry } from "./follow-registry.ts";
import type { FedSource } from "./live-space.ts";
import { modelFallback } from "./model-fallback.ts";
import { recorder } from "./recorder.ts";
import { createRuntime, type Runtime, type RuntimeParts } from "./runtime.ts";
import { openai } from "./wire/openai/openai-wire.ts";

export const TICKET = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };

export function textOf(body: TextParts["body"], more: Partial<TextParts> = {}): VersionText {
  return buildText({ body, model: "gpt-5-mini", input: TICKET, ...more });
}

export function declarationOf(key: string, text: VersionText, more: Partial<Declaration> = {}): Declaration {
  const caller = {
    input: text.input,
    providers: [text.model.provider],
    tools: (text.tools ?? []).map((tool) => tool.name),
  };
  return {
    key,
    text,
    hash: hashText(text),
    bodyHash: hashBody(text),
    caller,
    callerHash: hashCaller(caller),
    variables: new Set(Object.keys(text.input.properties ?? {})),
    checkInput: null,
    checkOutput: null,
    binders: {},
    capture: null,
    pinned: null,
    servables: new Map(),
    ...more,
  };
}

/** What `get(key, { version })` makes: no text, no contract of its own. */
export function pinnedHandle(key: string, pinned: number): Declaration {
  return {
    key,
    text: null,
    hash: "",
    bodyHash: "",
    caller: null,
    callerHash: "0".repeat(64),
    variables: null,
    checkInput: null,
    checkOutput: null,
    binders: {},
    capture: null,
    pinned,
    servables: new Map(),
  };
}

export interface PromptPlan {
  /** Texts by number. */
  readonly versions: Readonly<Record<number, VersionText>>;
  readonly withdrawn?: readonly number[];
  readonly releases?: Readonly<Record<string, number | SnapshotRelease>>;
  readonly overrides?: SnapshotPrompt["overrides"];
}

function promptOf({ versions, withdrawn = [], releases = {}, overrides = [] }: PromptPlan): SnapshotPrompt {
  return {
    risk: "medium",
    versions: Object.fromEntries(
      Object.entries(versions).map(([number, text]) => [
        number,
        { hash: hashText(text), withdrawn: withdrawn.includes(Number(number)) },
      ]),
    ),
    releases: Object.fromEntries(
      Object.entries(releases).map(([environment, release]) => [
        environment,
        typeof release === "number"
          ? { version: release, model: null, inherited: null, plan: null }
          : release,
      ]),
    ),
    overrides,
  };
}

export function documentOf(
  prompts: Readonly<Record<string, PromptPlan>>,
  more: Partial<SnapshotDocument> = {},
): SnapshotDocument {
  const texts = Object.values(prompts).flatMap((plan) => Object.values(plan.versions));
  return {
    format: 1,
    revision: 1,
    at: 0,
    environments: ["development", "staging", "production"],
    prompts: Object.fromEntries(Object.entries(prompts).map(([key, plan]) => [key, promptOf(plan)])),
    texts: Object.fromEntries(texts.map((text) => [hashText(text), text])),
    ...more,
  };
}

/** A sink that keeps everything it is given. */
export class RowSink implements LedgerSink {
  readonly rows: ExecutionDraft[] = [];
  readonly outcomes: OutcomeDraft[] = [];
  readonly starts: ExecutionStart[] = [];
  readonly gaps: {
    readonly kind: string;
    readonly prompt: string | null;
    readonly count: number;
    readonly reason: string;
  }[] = [];
  closed = 0;

  write(row: ExecutionDraft): "stored" {
    this.rows.push(row);
    return "stored";
  }
  writeOutcome(row: OutcomeDraft): "stored" {
    this.outcomes.push(row);
    return "stored";
  }
  writeStart(row: ExecutionStart): "stored" {
    this.starts.push(row);
    return "stored";
  }
  gap(
    kind: string,
    more: { readonly prompt: string | null; readonly count: number; readonly reason: string },
  ): void {
    this.gaps.push({ kind, ...more });
  }
  async flush(): Promise<void> {}
  async close(): Promise<void> {
    this.closed++;
  }

  /** The only row. */
  get row(): ExecutionDraft {
    const [row, ...others] = this.rows;
    if (row === undefined || others.length > 0) throw new Error(`There are ${this.rows.length} rows.`);
    return row;
  }
}

/** A clock that stands still until it is moved. */
export class HandClock {
  time = 1_700_000_000_000;
  now(): number {
    return this.time;
  }
  elapsed(): number {
    return this.time - 1_600_000_000_000;
  }
  pass(ms: number): void {
    this.time += ms;
  }
}

export interface Stage {
  readonly runtime: Runtime;
  readonly sink: RowSink;
  readonly clock: HandClock;
  readonly notices: string[];
  /** Versions that the runtime asked its source for. */
  readonly wanted: (readonly [string, number])[];
  readonly listener: SnapshotListener;
  change(change: SnapshotChange): void;
}

/** Opens a runtime; with a document it is ready at once. */
export function openStage(document?: SnapshotDocument, more: Partial<RuntimeParts> = {}): Stage {
  const sink = new RowSink();
  const clock = new HandClock();
  const notices: string[] = [];
  const wanted: (readonly [string, number])[] = [];
  // A source given by the test starts none of its own.
  let listener: SnapshotListener = { onSnapshot() {}, onChange() {}, onLost() {}, onRecovered() {} };
  let byte = 0;
  const random = { fill: (bytes: Uint8Array) => bytes.map((_, index, all) => (all[index] = byte++ & 0xff)) };
  const fed: FedSource = {
    start: (given) => {
      listener = given;
      if (document !== undefined) given.onSnapshot(document);
    },
    want: (key, version) => wanted.push([key, version]),
  };
  const onNotice = (message: string): void => void notices.push(message);
  const runtime = createRuntime({
    clock,
    ids: createIdSource({ clock, random }),
    sink,
    environment: "development",
    wires: [openai],
    recorder,
    fallback: modelFallback(),
    chance: () => 0.5,
    onNotice,
    ...more,
    source: followRegistry(more.source ?? fed, onNotice),
  });
  return {
    runtime,
    sink,
    clock,
    notices,
    wanted,
    listener,
    change: (change) => listener.onChange(change),
  };
}
