/** The options of `open` that every platform knows, and how they and the environment variables are read. */
import {
  type Clock,
  HarnessError,
  type LedgerSink,
  type RandomSource,
  say,
  systemClock,
  systemRandom,
} from "@colophon/kernel";
import { type CaptureOption, type Recorder, readPin, type Wire } from "@colophon/runtime";
import type { BakedSnapshot, SnapshotFeed } from "./fixed-source.ts";

/** What `open` takes on every platform; everything may be left out. */
export interface OpenOptions {
  /** COLOPHON_ENV, else `development`, when left out. */
  readonly environment?: string;
  /**
   * A snapshot baked with `colophon snapshot -o`, for places without a store; with `refreshing()` of
   * `colophon/serverless` around it, it looks for newer ones.
   */
  readonly snapshot?: BakedSnapshot | SnapshotFeed;
  /** What of the contents is kept; nothing when left out. */
  readonly capture?: CaptureOption;
  /** Told once about each thing a person should know; `console.warn` when left out. */
  readonly onNotice?: (message: string) => void;
  /** The clients whose arguments `p.openai()` and the like write, and whose answers are read. */
  readonly wires?: readonly Wire[];
  /** Records calls: `recorder` of `colophon/recorder`. Node has it by itself; elsewhere nothing is recorded without it. */
  readonly recorder?: Recorder;
  /** Where rows go: the embedded store under Node when left out; elsewhere they are dropped, and that is said once. */
  readonly sink?: LedgerSink;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

/** Environment variables, as far as the platform has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What every face takes of its options and variables. */
export interface OpenSettings {
  readonly environment: string;
  readonly off: boolean;
  readonly pins: ReadonlyMap<string, number>;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly onNotice: (message: string) => void;
}

/**
 * Reads options and variables into settings.
 *
 * @throws HarnessError `usage` for a COLOPHON_PIN that is none.
 */
export function readSettings(options: OpenOptions, variables: Variables): OpenSettings {
  const pins = new Map<string, number>();
  for (const item of variables.COLOPHON_PIN?.match(/[^\s,]+/g) ?? []) {
    const pin = readPin(item);
    if (pin?.version == null) {
      throw new HarnessError(
        "usage",
        say`COLOPHON_PIN is "${item}"; write key@v6, several with commas between.`,
      );
    }
    pins.set(pin.key, pin.version);
  }
  const { clock = systemClock, random = systemRandom } = options;
  return {
    environment: options.environment ?? (variables.COLOPHON_ENV || "development"),
    off: variables.COLOPHON_OFF === "1",
    pins,
    clock,
    random,
    onNotice: options.onNotice ?? ((message) => console.warn(`colophon: ${message}`)),
  };
}
