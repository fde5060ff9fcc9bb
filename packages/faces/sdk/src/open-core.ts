/** Opens the runtime over a source and a sink: the part of `open` that is the same everywhere. */
import {
  type Clock,
  createIdSource,
  type IdSource,
  type LedgerSink,
  type Sha256,
  type SnapshotSource,
  systemClock,
  systemRandom,
} from "@colophon/kernel";
import {
  type CaptureOption,
  createRuntime,
  type Draw,
  type Fallback,
  type FindOverride,
  type Recorder,
  type ResolveContext,
  type Runtime,
  type Shadower,
  type Telemetry,
  type Wire,
} from "@colophon/runtime";
import { type Colophon, createColophon } from "./colophon.ts";
import { type AnyPrompt, declaredOf } from "./define/prompt.ts";
import type { OpenOptions, OpenSettings } from "./open-options.ts";

export interface CoreParts {
  readonly settings: OpenSettings;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly source: SnapshotSource;
  readonly recorder: Recorder | undefined;
  readonly sink: LedgerSink | undefined;
  readonly capture: CaptureOption | undefined;
  readonly fallback: Fallback | undefined;
  readonly wires: readonly Wire[];
  readonly telemetry?: Telemetry | undefined;
  readonly shadow?: Shadower | undefined;
  readonly sha256?: Sha256;
  readonly draw?: Draw;
  readonly chance?: () => number;
  readonly findOverride?: FindOverride | undefined;
  readonly fetchOverrides?: ((context: ResolveContext) => Promise<void>) | undefined;
  /** Told of each prompt once, for mirrors. */
  readonly met?: (prompt: AnyPrompt) => void;
}

export interface OpenedCore {
  readonly runtime: Runtime;
  readonly colophon: Colophon;
  /** Makes a prompt known; says what is wrong with it instead of throwing. */
  declare(prompt: AnyPrompt): void;
}

/** Clock and ids of a process, from the options or the platform. */
export function clockAndIds(options: OpenOptions): { readonly clock: Clock; readonly ids: IdSource } {
  const clock = options.clock ?? systemClock;
  return { clock, ids: createIdSource({ clock, random: options.random ?? systemRandom }) };
}

/** Puts runtime and face together. */
export function openCore(parts: CoreParts): OpenedCore {
  const { settings, source } = parts;
  const runtime = createRuntime({ ...parts, ...settings });
  const declared = new WeakSet<AnyPrompt>();
  const declare = (prompt: AnyPrompt): void => {
    if (declared.has(prompt)) return;
    declared.add(prompt);
    try {
      runtime.declare(declaredOf(prompt).declaration);
      parts.met?.(prompt);
    } catch (error) {
      // It may be an error of the program, but a resolution must not pay for it.
      settings.onNotice(error instanceof Error ? error.message : String(error));
    }
  };
  const colophon = createColophon({
    runtime,
    want: (key, version) => source.want(key, version),
    met: declare,
    fetchOverrides: parts.fetchOverrides,
  });
  return { runtime, colophon, declare };
}
