/** Applications whose disk takes no more rows while the server is away: calls go on, and what was dropped is counted to the last row. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ApplicationProcess,
  eventually,
  expectReleased,
  type FaultWorld,
  goesOn,
  openFaultWorld,
  type ServerProcess,
} from "./fault-world.fixture.ts";
import { startNetwork } from "./network.fixture.ts";

/** More than memory takes in place of the disk. */
const CALLS = 13_000;

interface Disk {
  readonly name: string;
  /** What the system says when it is full. */
  readonly says: string;
  within(folder: string, command: readonly string[]): readonly string[];
}

/** Files that may grow to some hundred rows each, which needs no rights. */
const LIMITED: Disk = {
  ...{ name: "whose files may not grow", says: "EFBIG" },
  within: (_folder, command) => ["sh", "-c", 'ulimit -f 512 && exec "$@"', "sh", ...command],
};

/** A file system of some hundred rows that is this process's alone, and goes with it. */
const SMALL: Disk = {
  ...{ name: "that is full", says: "ENOSPC" },
  within: (folder, command) => {
    const mounted = 'mount -t tmpfs -o size=256k none "$0" && exec "$@"';
    return ["unshare", "--map-root-user", "--mount", "sh", "-c", mounted, folder, ...command];
  },
};

const DISKS = [LIMITED, ...(mayMount() ? [SMALL] : [])];

/** Not every machine lets anybody do so. */
function mayMount(): boolean {
  const [file = "", ...args] = SMALL.within(tmpdir(), ["true"]);
  return spawnSync(file, args).status === 0;
}

let world: FaultWorld;
let server: ServerProcess;

beforeAll(async () => {
  world = await openFaultWorld();
  server = await world.startServer();
}, 180_000);
afterAll(() => world.close());

test.each(DISKS)(
  "A disk $name holds up no call; of all rows each is stored once, or was counted as dropped, which is said",
  async (disk) => {
    const { says, name } = disk;
    const folder = join(world.folder, says);
    mkdirSync(folder);
    const network = await startNetwork([server.port]);
    const [storedBefore, droppedBefore] = [new Set(await world.stored()), await dropped()];
    const application = await world.startApplication({
      ...{ url: network.url, name, folder },
      within: (command) => disk.within(folder, command),
    });
    await goesOn(application, 20);
    network.cut();
    application.burst(CALLS);
    await goesOn(application, CALLS);
    const receipts = (): Record<string, number> => countReceipts(application);
    expect(receipts()).toMatchObject({
      spooled: expect.any(Number),
      memory: expect.any(Number),
      dropped: expect.any(Number),
    });
    network.mend();
    await eventually(
      () => application.calls.at(-1)?.receipt === "spooled",
      () => [receipts(), application.notices],
    );
    await application.stop();

    expectReleased(application, [1]);
    const kept = application.calls.filter(({ receipt }) => receipt !== "dropped");
    const stored = (await world.stored()).filter((id) => !storedBefore.has(id));
    expect(stored.toSorted()).toEqual(kept.map(({ id }) => id).toSorted());
    expect((await dropped()) - droppedBefore).toBe(application.calls.length - kept.length);
    const said = application.notices.join("\n");
    expect(said).toContain(says);
    expect(said).toContain("dropped and counted");
    await network.close();
  },
  240_000,
);

function countReceipts({ calls }: ApplicationProcess): Record<string, number> {
  const groups = Object.entries(Object.groupBy(calls, ({ receipt }) => receipt));
  return Object.fromEntries(groups.map(([receipt, some]) => [receipt, some?.length ?? 0]));
}

/** How many rows the ledger says are missing; every gap is of rows. */
async function dropped(): Promise<number> {
  const gaps = await world.harness.ledger.listGaps();
  expect(gaps.filter(({ kind }) => kind !== "dropped-row")).toEqual([]);
  return gaps.reduce((sum, { count }) => sum + count, 0);
}
