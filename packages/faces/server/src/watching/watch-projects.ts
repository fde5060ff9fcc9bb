/** Looks after rollouts, standing guards and alerts of every project; of several servers one acts for each. */
import { setTimeout as wait } from "node:timers/promises";
import type { Project, RandomSource, SecretInfo } from "@colophon/kernel";
import { type GuardedFetch, guardedFetch } from "../outgoing/guarded-fetch.ts";
import type { ServerParts } from "../server-parts.ts";
import { WEBHOOK_SECRETS } from "./project-webhooks.ts";
import { watchProject } from "./watch-project.ts";

export interface WatchingOptions {
  readonly random: RandomSource;
  /** Hosts inside the operator's network that webhooks may be at. */
  readonly allow?: readonly string[];
  /** Milliseconds between two looks at what projects there are; ten seconds unless given. */
  readonly lookMs?: number;
  /** Milliseconds between two looks at a project; one second unless given. */
  readonly interval?: number;
}

const LOOK_MS = 10_000;
const INTERVAL_MS = 1_000;

/**
 * Until the server stops: a project that is made is watched soon after, and webhooks that are set count soon
 * after. Never throws; a project whose store is away is tried again.
 *
 * @throws HarnessError `usage` for an allowed host that is none.
 */
export async function watchProjects(parts: ServerParts, options: WatchingOptions): Promise<void> {
  const { stopping } = parts;
  const outgoing = guardedFetch({ allow: options.allow ?? [] });
  const watching = new Watching(parts, { ...options, outgoing });
  while (!stopping.aborted) {
    await watching.look();
    const pause = wait(options.lookMs ?? LOOK_MS, undefined, { signal: stopping, ref: false });
    await pause.catch(() => undefined);
  }
  await watching.end();
  await outgoing.close();
}

interface Watched {
  /** Changes with the secrets that a watch depends on. */
  readonly stamp: string;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

class Watching {
  readonly #parts: ServerParts;
  readonly #options: WatchingOptions & { readonly outgoing: GuardedFetch };
  readonly #watched = new Map<string, Watched>();

  constructor(parts: ServerParts, options: WatchingOptions & { readonly outgoing: GuardedFetch }) {
    this.#parts = parts;
    this.#options = options;
  }

  async look(): Promise<void> {
    const { projects, secrets } = this.#parts.desk.installation;
    try {
      for (const { id } of await projects.list()) await this.#hold(id, stampOf(await secrets.list(id)));
    } catch (error) {
      this.#parts.log.warn({ err: error }, "the projects to watch cannot be listed");
    }
  }

  async end(): Promise<void> {
    for (const { stop } of this.#watched.values()) stop.abort();
    await Promise.all([...this.#watched.values()].map(({ ended }) => ended));
  }

  async #hold(project: Project["id"], stamp: string): Promise<void> {
    const before = this.#watched.get(project);
    if (before?.stamp === stamp) return;
    before?.stop.abort();
    await before?.ended;
    const stop = new AbortController();
    const ended = this.#watch(project, stop.signal).finally(() => {
      // One that failed is begun anew at the next look.
      if (this.#watched.get(project)?.stop === stop) this.#watched.delete(project);
    });
    this.#watched.set(project, { stamp, stop, ended });
  }

  async #watch(project: Project["id"], signal: AbortSignal): Promise<void> {
    const { random, outgoing, interval = INTERVAL_MS } = this.#options;
    const log = this.#parts.log.child({ project });
    try {
      await watchProject(
        { ...this.#parts, log },
        { project, random, interval, signal, fetch: outgoing.fetch },
      );
    } catch (error) {
      log.warn({ err: error }, "the project cannot be watched; it is tried again");
    }
  }
}

function stampOf(secrets: readonly SecretInfo[]): string {
  const own = secrets.filter(({ name }) => WEBHOOK_SECRETS.some((known) => known === name));
  return own.map(({ name, setAt }) => `${name} ${setAt}`).join(", ");
}
