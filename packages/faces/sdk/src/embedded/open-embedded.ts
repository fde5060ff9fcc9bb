/** Opens the embedded store for an application: snapshot source, ledger sink and mirror on one file. */
import crypto from "node:crypto";
import { recorder, type Shadower, shadowing } from "@colophon/runtime";
import {
  createSqliteSink,
  createSqliteSnapshotSource,
  type StorePlace,
  storePlace,
} from "@colophon/storage/sqlite/core";
import type { Colophon } from "../colophon.ts";
import { declaredOf, defined } from "../define/prompt.ts";
import { type FallbackOption, fallbackOf } from "../fallback-of.ts";
import { sourceOf } from "../fixed-source.ts";
import { clockAndIds, openCore } from "../open-core.ts";
import { type OpenOptions, type OpenSettings, readSettings, type Variables } from "../open-options.ts";
import { type TelemetryOption, telemetryOf } from "../telemetry/telemetry-of.ts";
import { WIRES } from "../wires.ts";
import { applicationOf } from "./find-application.ts";
import { followingSource } from "./following-source.ts";
import { createMirror, type Mirror } from "./mirror.ts";
import { requireNode } from "./node-floor.ts";
import { reuseOpen } from "./reuse-open.ts";

/** What `open` takes under Node. */
export interface EmbeddedOptions extends OpenOptions {
  /** A `.colophon` folder, a store's file or a `file:` URL; the nearest `.colophon/` upward when left out. */
  readonly store?: string;
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
  /** Milliseconds between looks at the store's revision; 200 when left out. */
  readonly pollMs?: number;
  /**
   * Gives the colophon that is already open in this process for the same store, environment and
   * application, where it was opened so too: for modules that are evaluated again after an edit, or bundled more than
   * once. Other options then have no effect, and closing one closes it for all.
   */
  readonly reuse?: boolean;
  /** Whether what the code declares is written into the store; not while Next.js builds, when left out. */
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

let shared: Shadower | undefined;

/** Made with the first store: an application that only declares prompts need not carry it. */
function shadowOf(option: EmbeddedOptions["shadow"]): Shadower | undefined {
  if (option === false) return undefined;
  shared ??= shadowing();
  return option ?? shared;
}

const POLL = 200;

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

/**
 * Opens the embedded store. Synchronous; nothing is created before the first write.
 *
 * @throws HarnessError `node-too-old`, `store-unsupported` for a server's address, or `usage`.
 * @example
 * import { openEmbedded } from "colophon/embedded";
 *
 * const colophon = openEmbedded({ store: "./data/.colophon", environment: "staging" });
 */
export function openEmbedded(options: EmbeddedOptions = {}, variables: Variables = process.env): Colophon {
  requireNode();
  const store = options.store ?? (variables.COLOPHON_STORE || variables.COLOPHON_URL);
  const place = storePlace(store, process.cwd());
  const settings = readSettings(options, variables);
  const application = applicationOf(options, variables);
  const opened = (closing?: () => void): Colophon =>
    openPlace(place, { options, settings, application, variables, closing });
  const name = JSON.stringify([place.file, settings.environment, application]);
  return options.reuse === true ? reuseOpen(name, opened) : opened();
}

interface Opening {
  readonly options: EmbeddedOptions;
  readonly settings: OpenSettings;
  readonly application: string | null;
  readonly variables: Variables;
  readonly closing: (() => void) | undefined;
}

function openPlace({ file, spool }: StorePlace, opening: Opening): Colophon {
  const { options, settings, application, variables } = opening;
  const { onNotice, environment } = settings;
  const { clock, ids } = clockAndIds(options);
  const number = options.number ?? environment !== "development";
  const mirror = createMirror({ file, environment, application, number, clock, onNotice });
  const mirrors = options.mirror ?? variables.NEXT_PHASE !== "phase-production-build";
  const durability = options.durability ?? "kill";
  const source =
    options.snapshot === undefined
      ? followingSource(
          createSqliteSnapshotSource({ file, clock, pollMs: options.pollMs ?? POLL, onNotice }),
          { file, environment, application, clock, ids },
        )
      : sourceOf(options.snapshot, { environment, clock });
  const { colophon, declare } = openCore({
    settings,
    clock,
    ids,
    source,
    sink: options.sink ?? createSqliteSink({ file, spoolDir: spool, clock, ids, onNotice, durability }),
    recorder: options.recorder ?? recorder,
    capture: options.capture,
    fallback: fallbackOf(options.fallback),
    wires: options.wires ?? WIRES,
    telemetry: telemetryOf(options.telemetry),
    shadow: shadowOf(options.shadow),
    sha256,
    draw,
    met: (prompt) => {
      if (mirrors && declaredOf(prompt).declaration.text !== null) mirror.add(prompt);
    },
  });
  for (const prompt of defined.list()) declare(prompt);
  const deaf = defined.listen(declare);
  return withMirror(colophon, mirror, () => {
    deaf();
    opening.closing?.();
  });
}

/** Counts of calls that were never recorded are only known at the end: it is marked even if nobody calls close(). */
function withMirror(colophon: Colophon, mirror: Mirror, closing: () => void): Colophon {
  const atExit = (): void => {
    void close();
  };
  const close = async (): Promise<void> => {
    process.removeListener("beforeExit", atExit);
    closing();
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
