/** Opens a harness for a test, on memory, SQLite or PostgreSQL, with a clock that stands still. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PostgresServer } from "@colophon/storage/postgres/server.fixture";
import { anActor, type FixedClock, fixedClock, seededRandom } from "@colophon/testkit";
import { type Harness, openHarness, openMemoryHarness, registerPrompt, releaseVersion } from "./index.ts";

export interface OpenedHouse {
  readonly harness: Harness;
  readonly clock: FixedClock;
  close(): Promise<void>;
}

export interface House {
  readonly name: string;
  open(): Promise<OpenedHouse>;
}

const memory: House = {
  name: "memory",
  async open() {
    const clock = fixedClock();
    const harness = await openMemoryHarness({ actor: anActor(), clock, random: seededRandom("house") });
    return { harness, clock, close: () => harness.close() };
  },
};

const sqlite: House = {
  name: "SQLite",
  async open() {
    const clock = fixedClock();
    const folder = mkdtempSync(join(tmpdir(), "colophon-harness-"));
    const store = join(folder, ".colophon");
    const harness = await openHarness({
      store,
      cwd: folder,
      mode: "write",
      actor: anActor(),
      clock,
      random: seededRandom("house"),
    });
    const close = async (): Promise<void> => {
      await harness.close();
      rmSync(folder, { recursive: true, force: true });
    };
    return { harness, clock, close };
  },
};

export const HOUSES: readonly House[] = [memory, sqlite];

/** A house on a server that a test file has started. */
export function postgresHouse(server: () => PostgresServer): House {
  return {
    name: "PostgreSQL",
    async open() {
      const clock = fixedClock();
      const cwd = mkdtempSync(join(tmpdir(), "colophon-harness-"));
      const database = await server().takeDatabase();
      const harness = await openHarness({
        store: server().url(database),
        cwd,
        mode: "write",
        actor: anActor(),
        clock,
        random: seededRandom("house"),
      });
      const close = async (): Promise<void> => {
        await harness.close();
        await server().giveBack(database);
        rmSync(cwd, { recursive: true, force: true });
      };
      return { harness, clock, close };
    },
  };
}

export const KEY = "support.triage";

const INPUT = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };

/** A prompt file's content; the body tells versions apart. */
export function promptFile(body: string, more: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    key: KEY,
    owner: "support",
    model: "gpt-5-mini",
    input: INPUT,
    body: `${body}\n{{ticket}}`,
    ...more,
  };
}

/** Registers one version for each body and returns their numbers. */
export async function registerBodies(
  harness: Harness,
  bodies: readonly string[],
): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (const body of bodies) {
    numbers.push((await registerPrompt(harness, { value: promptFile(body), file: "triage.yaml" })).version);
  }
  return numbers;
}

export async function releaseTo(
  harness: Harness,
  version: number,
  environment = "production",
): Promise<void> {
  await releaseVersion(harness, { key: KEY, version, environment, reason: `release v${version}` });
}
