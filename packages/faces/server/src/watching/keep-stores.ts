/** Keeps every project's store up: seals, sums, expired contents, room for what comes; of several servers one does each. */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Project } from "@colophon/kernel";
import type { ServerParts } from "../server-parts.ts";

export interface KeepingOptions {
  /** Milliseconds between two rounds; a minute unless given. */
  readonly everyMs?: number;
}

const EVERY_MS = 60_000;
const JOB = "upkeep";
const DAY_MS = 86_400_000;
/** How long a job that has ended can be asked about. */
const JOB_DAYS = 30;
/** Rounds that a lease outlives: whoever has it keeps it, and another takes over where it dies. */
const ROUNDS = 3;

/** Until the server stops. Never throws; a store that is away is tried again in the next round. */
export async function keepStores(parts: ServerParts, options: KeepingOptions = {}): Promise<void> {
  const { stopping } = parts;
  const { everyMs = EVERY_MS } = options;
  const keeping = new Keeping(parts, everyMs * ROUNDS);
  while (!stopping.aborted) {
    await keeping.round();
    await wait(everyMs, undefined, { signal: stopping, ref: false }).catch(() => undefined);
  }
  await keeping.end();
}

class Keeping {
  readonly #parts: ServerParts;
  readonly #leaseMs: number;
  readonly #holder = randomUUID();
  readonly #held = new Set<Project["id"]>();
  /** What was said of a project and still holds. */
  readonly #said = new Map<Project["id"], string>();

  constructor(parts: ServerParts, leaseMs: number) {
    this.#parts = parts;
    this.#leaseMs = leaseMs;
  }

  async round(): Promise<void> {
    const { desk, clock, log, stopping } = this.#parts;
    try {
      for (const { id } of await desk.installation.projects.list()) {
        if (stopping.aborted) return;
        await this.#keep(id);
      }
      await desk.installation.jobs.forget(clock.now() - JOB_DAYS * DAY_MS);
    } catch (error) {
      log.warn({ err: error }, "the installation cannot be kept up");
    }
  }

  /** So that another server need not wait for it. */
  async end(): Promise<void> {
    for (const id of this.#held) {
      try {
        await (await this.#parts.desk.project(id)).coordination.releaseLease(JOB, this.#holder);
      } catch {
        // It runs out by itself.
      }
    }
  }

  async #keep(id: Project["id"]): Promise<void> {
    const { desk, clock, log } = this.#parts;
    try {
      const { coordination, care } = await desk.project(id);
      const isOurs = await coordination.takeLease(JOB, this.#holder, clock.now() + this.#leaseMs);
      if (isOurs) this.#held.add(id);
      else this.#held.delete(id);
      if (isOurs) await care.keepUp();
      this.#said.delete(id);
    } catch (error) {
      const { message } = error as Error;
      if (this.#said.get(id) === message) return;
      this.#said.set(id, message);
      log.warn({ err: error, project: id }, "the project's store cannot be kept up; it is tried again");
    }
  }
}
