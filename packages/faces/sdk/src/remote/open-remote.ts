/** Opens a server for an application: its snapshot in memory, its rows by way of a spool on disk. */
import { createIdSource } from "@colophon/kernel";
import { type FedSource, READY_MS } from "@colophon/runtime";
import type { Colophon } from "../colophon.ts";
import { applicationOf } from "../embedded/find-application.ts";
import { createMirror } from "../embedded/mirror.ts";
import { requireNode } from "../embedded/node-floor.ts";
import { type NodeOptions, openNodeCore } from "../embedded/open-node-core.ts";
import { reuseOpen } from "../embedded/reuse-open.ts";
import { sourceOf } from "../fixed-source.ts";
import { readSettings, type Variables } from "../open-options.ts";
import { declareRemotely } from "./declare-remotely.ts";
import { FetchedOverrides } from "./fetched-overrides.ts";
import { holdProcess } from "./hold-process.ts";
import { LastKnownGood } from "./last-known-good.ts";
import { Presence } from "./presence.ts";
import { PACE, type RemotePace } from "./remote-pace.ts";
import { createRemoteSink } from "./remote-sink.ts";
import { createRemoteSource, type RemoteSource } from "./remote-source.ts";
import { ServerCalls } from "./server-calls.ts";
import { serverFolder } from "./server-folder.ts";
import { serverPlace } from "./server-place.ts";

/** What `open` takes for a server. */
export interface RemoteOptions extends NodeOptions {
  /** `https://host`, or `https://host/projects/NAME` for a key that opens several projects. */
  readonly url?: string;
  /** Opens the server, with the scopes resolve and record; COLOPHON_API_KEY when left out. */
  readonly apiKey?: string;
  /**
   * Where the last known snapshot and rows on their way are kept; the nearest `.colophon/` upward, else
   * the user's own folder for such things, when left out.
   */
  readonly folder?: string;
  /**
   * Bytes that rows on their way may take on disk, those of all processes for this server and environment together; 256
   * MiB when left out. Beyond half of it rows are kept without contents, beyond all of it in memory.
   */
  readonly spoolLimit?: number;
}

/** Which server, how, and in what surroundings. */
export interface RemoteOpening {
  readonly address: string;
  readonly options: RemoteOptions;
  readonly variables: Variables;
  /** The usual one when left out. */
  readonly pace?: Partial<RemotePace>;
}

const SPOOL_LIMIT = 256 * 1024 * 1024;

/**
 * Opens a server. Synchronous: it is asked in the background.
 *
 * @throws HarnessError `node-too-old`, or `usage` for an address that is none or without a key.
 */
export function openRemote(opening: RemoteOpening): Colophon {
  requireNode();
  const { address, options, variables } = opening;
  if (options.reuse !== true) return openServer(opening, undefined);
  const { environment } = readSettings(options, variables);
  const name = JSON.stringify([address, environment, applicationOf(options, variables)]);
  return reuseOpen(name, (closing) => openServer(opening, closing));
}

function openServer(opening: RemoteOpening, closing: (() => void) | undefined): Colophon {
  const { options, variables, address } = opening;
  const place = serverPlace(address, options.apiKey ?? variables.COLOPHON_API_KEY);
  const settings = readSettings(options, variables);
  const { environment, onNotice, clock, random } = settings;
  const ids = createIdSource(settings);
  const application = applicationOf(options, variables);
  const pace = {
    ...PACE,
    ...(options.pollMs === undefined ? {} : { pollMs: options.pollMs }),
    ...opening.pace,
  };
  const calls = new ServerCalls(place, { clock });
  const folder = serverFolder({ place, environment, folder: options.folder, variables });
  const shared = { calls, environment, application, clock, ids, random, pace, onNotice, variables };
  const overrides = new FetchedOverrides(shared);
  const presence = new Presence(shared);
  const source = createRemoteSource({
    ...shared,
    kept: new LastKnownGood(folder.snapshot),
    named: (project) => folder.project.learn(project),
    served(document) {
      overrides.served(document);
      presence.applied(document.revision);
    },
  });
  const number = options.number ?? environment !== "development";
  const sink =
    options.sink ??
    createRemoteSink({
      ...shared,
      spoolDir: folder.spoolDir,
      otherSpoolDirs: folder.otherSpoolDirs,
      spoolLimit: options.spoolLimit ?? SPOOL_LIMIT,
      durability: options.durability ?? "kill",
    });
  const isBaked = options.snapshot !== undefined;
  const colophon = openNodeCore({
    options,
    settings,
    variables,
    source: isBaked ? sourceOf(options.snapshot, settings) : withPresence(source, presence),
    sink,
    mirror: createMirror(declareRemotely({ ...shared, number })),
    findOverride: overrides.find,
    fetchOverrides: (context) => holdProcess(overrides.prefetch(context)),
    closing,
  });
  return {
    ...colophon,
    async ready({ timeoutMs = READY_MS } = {}) {
      const began = performance.now();
      // A snapshot from disk would be there at once, and the server's a moment later.
      if (!isBaked) await source.heard(timeoutMs);
      return colophon.ready({ timeoutMs: Math.max(0, timeoutMs - (performance.now() - began)) });
    },
    async close() {
      await colophon.close();
      calls.close();
    },
  };
}

function withPresence(source: RemoteSource, presence: Presence): FedSource {
  return {
    start: (listener) => source.start(listener),
    want: (key, version, isPassing) => source.want(key, version, isPassing),
    isComing: (key, version) => source.isComing(key, version),
    waitForWanted: (wait) => source.waitForWanted(wait),
    async close() {
      await holdProcess(Promise.all([source.close(), presence.end()]));
    },
  };
}
