/** Opens the embedded store for an application: snapshot source, ledger sink and mirror on one file. */
import { createIdSource } from "@colophon/kernel";
import {
  createSqliteSink,
  createSqliteSnapshotSource,
  type StorePlace,
  storePlace,
} from "@colophon/storage/sqlite/core";
import type { Colophon } from "../colophon.ts";
import { sourceOf } from "../fixed-source.ts";
import { type OpenSettings, readSettings, type Variables } from "../open-options.ts";
import { applicationOf } from "./find-application.ts";
import { followingSource } from "./following-source.ts";
import { createMirror } from "./mirror.ts";
import { requireNode } from "./node-floor.ts";
import { type NodeOptions, openNodeCore } from "./open-node-core.ts";
import { registerDeclarations } from "./register-declarations.ts";
import { retryStore } from "./retry-store.ts";
import { reuseOpen } from "./reuse-open.ts";

/** What `openEmbedded` takes. */
export interface EmbeddedOptions extends NodeOptions {
  /** A `.colophon` folder, a store's file or a `file:` URL; the nearest `.colophon/` upward when left out. */
  readonly store?: string;
}

const POLL = 200;

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
  const { options, settings, application } = opening;
  const { onNotice, environment, clock } = settings;
  const ids = createIdSource(settings);
  const number = options.number ?? environment !== "development";
  const mirror = createMirror({
    register: (prompts) => registerDeclarations(prompts, { file, environment, application, number, clock }),
    retry: (error, tries) => retryStore(error, tries, onNotice),
    onNotice,
  });
  const durability = options.durability ?? "kill";
  const source =
    options.snapshot === undefined
      ? followingSource(
          createSqliteSnapshotSource({ file, clock, pollMs: options.pollMs ?? POLL, onNotice }),
          { file, environment, application, clock, ids },
        )
      : sourceOf(options.snapshot, settings);
  const sink = options.sink ?? createSqliteSink({ file, spoolDir: spool, clock, ids, onNotice, durability });
  return openNodeCore({ ...opening, source, sink, mirror });
}
