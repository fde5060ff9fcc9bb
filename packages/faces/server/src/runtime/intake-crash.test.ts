/** A server that is killed while entries come in has lost none that it acknowledged, and doubles none that come again. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openHarness } from "@colophon/harness";
import { createIdSource, type LedgerEntry, systemClock, systemRandom } from "@colophon/kernel";
import { type PostgresServer, usePostgres } from "@colophon/storage/postgres/server.fixture";
import { anActor, anExecution, anOutcome } from "@colophon/testkit";
import { expect, test } from "vitest";

const postgres = usePostgres();
const PROCESS = fileURLToPath(new URL("./intake-process.fixture.ts", import.meta.url));
const BATCHES = 60;
const AT_ONCE = 6;

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

async function start(store: string): Promise<Running> {
  const child = spawn(process.execPath, [PROCESS, store], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  return { child, port: Number(line.toString()) };
}

async function kill({ child }: Running): Promise<void> {
  child.kill("SIGKILL");
  if (child.signalCode === null) await once(child, "exit");
}

function batchOf(): readonly LedgerEntry[] {
  const ids = createIdSource({ clock: systemClock, random: systemRandom });
  return Array.from({ length: 20 }, () => anExecution(ids)).flatMap((row) => [
    { kind: "execution", row } as const,
    { kind: "outcome", row: anOutcome(ids, row.id) } as const,
  ]);
}

/** Whether the batch was acknowledged. */
async function send({ port }: Running, batch: readonly LedgerEntry[]): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/ledger`, {
      method: "POST",
      body: JSON.stringify(batch),
    });
    const { refused } = (await answer.json()) as { readonly refused: readonly unknown[] };
    expect(refused).toEqual([]);
    return answer.ok;
  } catch (error) {
    // Cut off, or nobody there.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

async function killedAndResent(store: string): Promise<void> {
  const batches = Array.from({ length: BATCHES }, batchOf);
  const acknowledged = new Set<readonly LedgerEntry[]>();
  const first = await start(store);
  const left = [...batches];
  const work = async (): Promise<void> => {
    for (let batch = left.shift(); batch !== undefined; batch = left.shift()) {
      if (await send(first, batch)) acknowledged.add(batch);
      if (acknowledged.size >= BATCHES / 3) first.child.kill("SIGKILL");
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await kill(first);
  expect(acknowledged.size).toBeGreaterThan(0);
  expect(acknowledged.size).toBeLessThan(BATCHES);
  const actor = anActor();
  const between = await openHarness({ store, cwd: tmpdir(), mode: "read", actor });
  const there = new Set((await between.ledger.listExecutions({ limit: 10_000 })).map(({ id }) => id));
  const promised = [...acknowledged]
    .flat()
    .flatMap((entry) => (entry.kind === "execution" ? [entry.row.id] : []));
  expect(promised.filter((id) => !there.has(id))).toEqual([]);
  await between.close();
  const second = await start(store);
  for (const batch of batches) if (!acknowledged.has(batch)) expect(await send(second, batch)).toBe(true);
  await kill(second);
  const after = await openHarness({ store, cwd: tmpdir(), mode: "write", actor });
  const rows = await after.ledger.listExecutions({ limit: 10_000 });
  expect(rows).toHaveLength(BATCHES * 20);
  expect(await after.ledger.listOutcomes(rows.map(({ id }) => id))).toHaveLength(BATCHES * 20);
  expect((await after.care.verify()).findings).toEqual([]);
  await after.close();
}

test("On SQLite every acknowledged row is there, and each row once after all came again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "colophon-crash-"));
  try {
    await killedAndResent(join(folder, ".colophon"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);

test("On PostgreSQL every acknowledged row is there, and each row once after all came again", async () => {
  const server: PostgresServer = postgres();
  const database = await server.takeDatabase();
  await killedAndResent(server.url(database));
  await server.giveBack(database);
}, 180_000);
