/** Serves an installation: opens it as soon as its store is there, and shuts down without losing what was taken. */
import { setTimeout as wait } from "node:timers/promises";
import {
  type InstallationDesk,
  type InstallationOptions,
  isOnServer,
  openInstallation,
} from "@colophon/harness";
import { type Clock, HarnessError, type RandomSource, systemClock, systemRandom } from "@colophon/kernel";
import type { Logger } from "pino";
import { collectDefaultMetrics } from "prom-client";
import { createServer, type Server, type ServerOptions } from "./create-server.ts";
import { JobRunner } from "./jobs/job-runner.ts";
import { ServerMetrics } from "./observe/server-metrics.ts";
import { type FrontDoor, openFrontDoor } from "./process/front-door.ts";
import { openPatiently } from "./process/open-patiently.ts";
import { DEFAULT_LIMITS, type ServerLimits, type ServerParts } from "./server-parts.ts";
import { keepStores } from "./watching/keep-stores.ts";
import { watchProjects } from "./watching/watch-projects.ts";

export interface ServeOptions extends Omit<ServerOptions, "metrics" | "random"> {
  /** A file, folder or postgres:// address; else the nearest `.colophon` upward from `cwd`. */
  readonly store?: string | undefined;
  readonly cwd: string;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Encrypts secrets and signs sessions. */
  readonly masterKey?: string | undefined;
  readonly oidc?: InstallationOptions["oidc"];
  /** Hosts inside the operator's network that models and webhooks may be reached at. */
  readonly allowHosts?: readonly string[];
  readonly limits?: Partial<ServerLimits>;
  readonly log: Logger;
  /** Milliseconds between saying that it is not ready and closing the door; 0 unless given. */
  readonly drainMs?: number;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

/** What is known once the store is there. */
export interface ReadyServer {
  /** In words, without passwords. */
  readonly store: string;
  /** Whether there is a key or a person that may come in. */
  readonly isOpenToAnybody: boolean;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Rejects for a store that cannot be opened however long one waits. */
  readonly ready: Promise<ReadyServer>;
  /** Ends streams, lets running requests finish, stores what was taken, gives jobs back. */
  close(): Promise<void>;
}

/** Milliseconds that running requests have at shutdown. */
const GRACE_MS = 10_000;

/**
 * @throws HarnessError `usage` for a port that is taken, an address that is none, or PostgreSQL without a master key.
 * @example
 * const running = await serve({ cwd: process.cwd(), host: "127.0.0.1", port: 4600, log: pino() });
 * await running.ready;
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { host, log, drainMs = 0 } = options;
  refuseWithoutKey(options);
  const stop = new AbortController();
  const door = await openFrontDoor(options);
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${door.port}`;
  const opening = openHouse(options, { url, stopping: stop.signal });
  const ready = opening.then(async (house) => {
    door.open(house.server);
    log.info({ store: house.parts.desk.store, url }, "serving");
    return { store: house.parts.desk.store, isOpenToAnybody: await isOpenToAnybody(house.parts.desk) };
  });
  ready.catch(() => undefined);
  let closing: Promise<void> | undefined;
  return {
    ...{ url, port: door.port, ready },
    close: () => {
      closing ??= shutDown({ door, stop, drainMs, log, opening });
      return closing;
    },
  };
}

/** On a file of its own an installation has a key; servers of one database have to have the same. */
function refuseWithoutKey({ store, masterKey }: Pick<ServeOptions, "store" | "masterKey">): void {
  if (!isOnServer(store) || masterKey !== undefined) return;
  throw new HarnessError(
    "usage",
    "Servers on PostgreSQL sign sessions and seal secrets under one key; set COLOPHON_SECRET to 32 or more random characters, the same for all of them.",
  );
}

interface OpenHouse {
  readonly parts: ServerParts;
  readonly server: Server;
  /** Ends when the server stops. */
  readonly work: readonly Promise<void>[];
}

async function openHouse(
  options: ServeOptions,
  { url, stopping }: { readonly url: string; readonly stopping: AbortSignal },
): Promise<OpenHouse> {
  const { store, cwd, masterKey, oidc, log, clock = systemClock, random = systemRandom } = options;
  const { publicUrl = url, allowHosts: allow = [] } = options;
  const desk = await openPatiently(
    () =>
      openInstallation({
        ...{ cwd, clock, random, publicUrl, mode: "write", actor: { id: "server", via: "server" } },
        ...(store !== undefined && { store }),
        ...(masterKey !== undefined && { masterKey }),
        ...(oidc !== undefined && { oidc }),
      }),
    { log, stopping },
  );
  const parts: ServerParts = {
    ...{ desk, clock, log, stopping },
    limits: { ...DEFAULT_LIMITS, ...options.limits },
  };
  const metrics = new ServerMetrics();
  collectDefaultMetrics({ register: metrics.registry });
  const server = createServer(parts, { ...options, publicUrl, random, metrics });
  const work = [
    new JobRunner(parts, { allow }).run(),
    watchProjects(parts, { allow, random }),
    keepStores(parts),
  ];
  return { parts, server, work };
}

interface Closing {
  readonly door: FrontDoor;
  readonly stop: AbortController;
  readonly drainMs: number;
  readonly log: Logger;
  readonly opening: Promise<OpenHouse>;
}

async function shutDown({ door, stop, drainMs, log, opening }: Closing): Promise<void> {
  log.info("stopping");
  stop.abort();
  if (drainMs > 0) await wait(drainMs);
  await door.close(GRACE_MS);
  const house = await opening.catch(() => undefined);
  if (house !== undefined) {
    await Promise.all(house.work);
    await house.server.close();
    await house.parts.desk.close();
  }
  log.info("stopped");
}

async function isOpenToAnybody({ installation }: InstallationDesk): Promise<boolean> {
  const { keys, people, projects } = installation;
  if ((await people.listMemberships({})).length > 0) return true;
  const places = [null, ...(await projects.list()).map(({ id }) => id)];
  for (const place of places) if ((await keys.list(place)).some((key) => key.revokedAt === null)) return true;
  return false;
}
