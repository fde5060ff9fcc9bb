/** `colophon/testing`: a harness in memory for the tests of an application. */
import {
  type EpochMs,
  type ExecutionDraft,
  HarnessError,
  type LedgerSink,
  type OutcomeDraft,
  type SnapshotDocument,
  timeOfId,
} from "@colophon/kernel";
import { type CaptureOption, followRegistry, recorder, type Shadower } from "@colophon/runtime";
import type { Colophon, VersionName } from "./colophon.ts";
import type { AnyPrompt } from "./define/prompt.ts";
import { type FallbackOption, fallbackOf } from "./fallback-of.ts";
import { type BakedSnapshot, fixedSource } from "./fixed-source.ts";
import { openCore } from "./open-core.ts";
import { readSettings } from "./open-options.ts";
import { type TelemetryOption, telemetryOf } from "./telemetry/telemetry-of.ts";
import { WIRES } from "./wires.ts";

/** What `testHarness` takes; everything may be left out. */
export interface TestHarnessOptions {
  /** The prompts under test; others are made known when they are first resolved. */
  readonly prompts?: readonly AnyPrompt[];
  /** Versions to serve by key; they come from `snapshot`. */
  readonly pins?: Readonly<Record<string, VersionName>>;
  /** A snapshot baked with `colophon snapshot -o`. */
  readonly snapshot?: BakedSnapshot;
  readonly environment?: string;
  readonly capture?: CaptureOption;
  /** What `fallback: true` means in `record`. */
  readonly fallback?: FallbackOption;
  /** As for `open`. */
  readonly telemetry?: TelemetryOption;
  /** Repeats calls where the snapshot shadows them: `shadowing()` of `colophon/shadow`; none when left out. */
  readonly shadow?: Shadower;
  /** Start of the fixed clock; 2026-01-01T00:00:00Z when left out. */
  readonly now?: EpochMs;
  readonly onNotice?: (message: string) => void;
}

/** A recorded call as a test sees it: with the subjects in plain. */
export interface TestExecution extends ExecutionDraft {
  readonly at: EpochMs;
}

/** A colophon in memory, with a view of what it recorded. */
export interface TestHarness extends Colophon {
  /** Every call recorded so far, oldest first. */
  executions(): readonly TestExecution[];
  /** Every outcome given so far, oldest first. */
  outcomes(): readonly OutcomeDraft[];
  /** Moves the fixed clock. */
  advance(milliseconds: number): void;
}

const START = Date.UTC(2026, 0, 1);

/**
 * A colophon that keeps everything in memory, with a clock that stands still and ids that are the
 * same in every run.
 *
 * @throws HarnessError `version-unknown` for a pin that the snapshot does not have.
 * @example
 * const colophon = testHarness({ prompts: [triage] });
 * const call = colophon.resolve(triage, { user: "ada" });
 * await call.record({ ticket: "My card was charged twice" }, async () => "billing");
 * console.log(colophon.executions()[0]?.prompt);
 */
export function testHarness(options: TestHarnessOptions = {}): TestHarness {
  let now = options.now ?? START;
  const clock = { now: () => now, elapsed: () => now };
  const memory = memorySink();
  const pins = Object.entries(options.pins ?? {});
  for (const [key, version] of pins) checkPin(options.snapshot, key, version);
  const given = { ...options, onNotice: options.onNotice ?? (() => undefined) };
  const variables = { COLOPHON_PIN: pins.map(([key, version]) => `${key}@${version}`).join(",") };
  const environment = options.environment ?? "development";
  const random = countingRandom();
  let met: (prompt: AnyPrompt) => void = () => undefined;
  const settings = readSettings({ ...given, environment, clock, random }, variables);
  const colophon = openCore({
    ...settings,
    recorder,
    capture: options.capture,
    fallback: fallbackOf(options.fallback),
    wires: WIRES,
    telemetry: telemetryOf(options.telemetry),
    shadow: options.shadow,
    source: followRegistry(fixedSource(options.snapshot, environment), settings.onNotice),
    sink: memory.sink,
    chance: () => 0,
    prompts(declare) {
      met = declare;
      for (const prompt of options.prompts ?? []) met(prompt);
      return () => undefined;
    },
  });
  return {
    ...colophon,
    resolve(prompt, context) {
      met(prompt as AnyPrompt);
      return colophon.resolve(prompt, context);
    },
    executions: () => memory.rows.map((row) => ({ ...row, at: timeOfId(row.id) })),
    outcomes: () => [...memory.outcomes],
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}

function checkPin(baked: BakedSnapshot | undefined, key: string, version: VersionName): void {
  const snapshot = baked as SnapshotDocument | undefined;
  if (snapshot?.prompts[key]?.versions[Number(version.slice(1))] !== undefined) return;
  throw new HarnessError(
    "version-unknown",
    `The snapshot has no ${key}@${version}; bake one that has it with \`colophon snapshot -o\`, or drop the pin.`,
  );
}

interface MemorySink {
  readonly sink: LedgerSink;
  readonly rows: ExecutionDraft[];
  readonly outcomes: OutcomeDraft[];
}

function memorySink(): MemorySink {
  const rows: ExecutionDraft[] = [];
  const outcomes: OutcomeDraft[] = [];
  const sink: LedgerSink = {
    write(row) {
      rows.push(row);
      return "memory";
    },
    writeOutcome(row) {
      outcomes.push(row);
      return "memory";
    },
    writeStart: () => "memory",
    gap: () => undefined,
    flush: async () => undefined,
    close: async () => undefined,
  };
  return { sink, rows, outcomes };
}

/** Bytes that count up, so that ids differ and are the same in every run. */
function countingRandom(): { fill(bytes: Uint8Array): Uint8Array } {
  let count = 0;
  return {
    fill(bytes) {
      for (let index = 0; index < bytes.length; index++)
        bytes[index] = (count + (index % 10 === 9 ? index / 10 : 0)) & 0xff;
      count++;
      return bytes;
    },
  };
}
