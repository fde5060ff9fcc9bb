/** Opens the embedded store for an application: snapshot source, ledger sink and mirror on one file. */
import crypto from "node:crypto";
import { createSqliteSink, createSqliteSnapshotSource, storePlace } from "@colophon/storage/sqlite/core";
import type { Colophon } from "../colophon.ts";
import { type AnyPrompt, declaredOf, defined } from "../define/prompt.ts";
import { fixedSource } from "../fixed-source.ts";
import { clockAndIds, openCore } from "../open-core.ts";
import { type OpenOptions, readSettings, type Variables } from "../open-options.ts";
import { createMirror, type Mirror } from "./mirror.ts";
import { requireNode } from "./node-floor.ts";

/** What `open` takes under Node. */
export interface EmbeddedOptions extends OpenOptions {
  /** A `.colophon` folder, a store's file or a `file:` URL; the nearest `.colophon/` upward when left out. */
  readonly store?: string;
  /**
   * Whether a new text in the code becomes a numbered version when it is mirrored; everywhere but in
   * `development` when left out, where a text is known by its hash.
   */
  readonly number?: boolean;
  /** Milliseconds between looks at the store's revision; 200 when left out. */
  readonly pollMs?: number;
  /** Also survive a loss of power, at the price of an fsync per row. */
  readonly durability?: "kill" | "power-loss";
}

const POLL = 200;

function sha256(text: string): string {
  return crypto.hash("sha256", text, "hex");
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
  const { file, spool: spoolDir } = storePlace(store, process.cwd());
  const settings = readSettings(options, variables);
  const { onNotice, environment } = settings;
  const { clock, ids } = clockAndIds(options);
  const mirror = createMirror({
    file,
    environment,
    number: options.number ?? environment !== "development",
    clock,
    onNotice,
  });
  const source =
    options.snapshot === undefined
      ? createSqliteSnapshotSource({ file, clock, pollMs: options.pollMs ?? POLL, onNotice })
      : fixedSource(options.snapshot, environment);
  const { colophon, declare } = openCore({
    settings,
    clock,
    ids,
    source,
    sink: createSqliteSink({
      file,
      spoolDir,
      clock,
      ids,
      onNotice,
      durability: options.durability ?? "kill",
    }),
    sha256,
    draw,
    met: (prompt) => mirrorIfDeclared(mirror, prompt),
  });
  for (const prompt of defined.list()) declare(prompt);
  const deaf = defined.listen(declare);
  return withMirror(colophon, mirror, deaf);
}

function mirrorIfDeclared(mirror: Mirror, prompt: AnyPrompt): void {
  if (declaredOf(prompt).declaration.text !== null) mirror.add(prompt);
}

/** Counts of calls that were never recorded are only known at the end: it is marked even if nobody calls close(). */
function withMirror(colophon: Colophon, mirror: Mirror, deaf: () => void): Colophon {
  const atExit = (): void => {
    void close();
  };
  const close = async (): Promise<void> => {
    process.removeListener("beforeExit", atExit);
    deaf();
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
