/** The part of `open` under Node that is the same on an embedded store and on a server. */
import crypto from "node:crypto";
import type { LedgerSink } from "@colophon/kernel";
import {
  type FedSource,
  type FindOverride,
  followRegistry,
  type ResolveContext,
  recorder,
  remembering,
  type Shadower,
  shadowing,
} from "@colophon/runtime";
import type { Colophon } from "../colophon.ts";
import { followDefined } from "../define/prompt.ts";
import { type FallbackOption, fallbackOf } from "../fallback-of.ts";
import { openCore } from "../open-core.ts";
import type { OpenOptions, OpenSettings, Variables } from "../open-options.ts";
import { type TelemetryOption, telemetryOf } from "../telemetry/telemetry-of.ts";
import { WIRES } from "../wires.ts";
import type { Mirror } from "./mirror.ts";
import { prefetchFrom } from "./prefetch-from.ts";
import { sayMissingPins } from "./say-missing-pins.ts";

/** What `open` takes under Node, wherever the registry is. */
export interface NodeOptions extends OpenOptions {
  /**
   * Whether a new text in the code becomes a numbered version when it is mirrored; everywhere but in
   * `development` when left out, where a text is known by its hash.
   */
  readonly number?: boolean;
  /**
   * Tells applications on one store apart that declare the same prompts: releases must fit all of them.
   * COLOPHON_APPLICATION, else the name in the nearest package.json upward, when left out.
   */
  readonly application?: string;
  /** Milliseconds between looks at the registry: 200 at a store's revision, 3,000 at a server that sends no changes by itself, when left out. */
  readonly pollMs?: number;
  /**
   * Gives the colophon that is already open in this process for the same store, environment and
   * application, where it was opened so too: for modules that are evaluated again after an edit, or bundled more than
   * once. Other options then have no effect, and closing one closes it for all.
   */
  readonly reuse?: boolean;
  /** Whether what the code declares is written into the registry; not while Next.js builds, when left out. */
  readonly mirror?: boolean;
  /** Also survive a loss of power, at the price of an fsync per row. */
  readonly durability?: "kill" | "power-loss";
  /** Spans and metrics of calls in the application's OpenTelemetry, where it has one; `false` leaves none. */
  readonly telemetry?: TelemetryOption;
  /** What `fallback: true` means in `record`, and how often `call.attempts()` tries. */
  readonly fallback?: FallbackOption;
  /**
   * How live calls are repeated while a rollout shadows its challenger; `false` repeats none. Unless
   * one is given, all that this process opens share their limits.
   */
  readonly shadow?: Shadower | false;
}

export interface NodeCoreParts {
  readonly options: NodeOptions;
  readonly settings: OpenSettings;
  readonly variables: Variables;
  readonly source: FedSource;
  readonly sink: LedgerSink;
  readonly mirror: Mirror;
  readonly findOverride?: FindOverride;
  readonly fetchOverrides?: (context: ResolveContext) => Promise<void>;
  /** Called as soon as it closes, whoever closes it. */
  readonly closing: (() => void) | undefined;
}

/** Opens the core with all that Node has by itself; mirrors what the code declares. */
export function openNodeCore(parts: NodeCoreParts): Colophon {
  const { options, settings, variables, mirror } = parts;
  const mirrors = options.mirror ?? variables.NEXT_PHASE !== "phase-production-build";
  const source = sayMissingPins(parts.source, settings);
  const colophon = openCore({
    ...settings,
    source: followRegistry(source, settings.onNotice),
    sink: parts.sink,
    decide: remembering(),
    findOverride: parts.findOverride,
    recorder: options.recorder ?? recorder,
    capture: options.capture,
    fallback: fallbackOf(options.fallback),
    wires: options.wires ?? WIRES,
    telemetry: telemetryOf(options.telemetry),
    shadow: shadowOf(options.shadow),
    sha256,
    draw,
    prompts: (declare) =>
      followDefined((prompt) => {
        declare(prompt);
        if (mirrors) mirror.add(prompt);
      }),
  });
  const prefetch = prefetchFrom(source, parts.fetchOverrides);
  return withMirror({ ...colophon, prefetch }, mirror, parts.closing);
}

let shared: Shadower | undefined;

/** Made with the first store: an application that only declares prompts need not carry it. */
function shadowOf(option: NodeOptions["shadow"]): Shadower | undefined {
  if (option === false) return undefined;
  shared ??= shadowing();
  return option ?? shared;
}

function sha256(data: string | Uint8Array): string {
  return crypto.hash("sha256", data, "hex");
}

/** The first 53 bits of the SHA-256, by the platform's own implementation. */
function draw(text: string): number {
  const digest = crypto.hash("sha256", text, "hex");
  return (
    (Number.parseInt(digest.slice(0, 8), 16) * 0x200000 + (Number.parseInt(digest.slice(8, 16), 16) >>> 11)) /
    2 ** 53
  );
}

/** Counts of calls that were never recorded are only known at the end: it is marked even if nobody calls close(). */
function withMirror(colophon: Colophon, mirror: Mirror, closing: NodeCoreParts["closing"]): Colophon {
  const atExit = (): void => {
    void close();
  };
  const close = async (): Promise<void> => {
    process.removeListener("beforeExit", atExit);
    closing?.();
    await mirror.close();
    await colophon.close();
  };
  process.once("beforeExit", atExit);
  return {
    ...colophon,
    flush: async () => {
      await mirror.flush();
      await colophon.flush();
    },
    close,
  };
}
