/** An installation's tables are made once, whoever comes first, and newer ones are left alone. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import { fixedClock, seededRandom } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PlaceKind, postgresPlaces, SQLITE, type TakenPlace } from "../installation-place.fixture.ts";
import { type InstallationStore, openInstallationStore } from "../open-installation-store.ts";
import { EDITION } from "./migrations.ts";

const server = usePostgres();
let taken: TakenPlace;
let opened: InstallationStore[];

async function begin(kind: PlaceKind): Promise<void> {
  taken = await kind.take();
  opened = [];
}
afterEach(async () => {
  for (const { installation } of opened) await installation.close();
  await taken.giveBack();
});

async function open(mode: "read" | "write" = "write", place = taken.place): Promise<InstallationStore> {
  const parts = { clock: fixedClock(), random: seededRandom("migrations"), masterKey: null };
  const store = await openInstallationStore({ place, mode, ...parts });
  opened.push(store);
  return store;
}

describe.each([SQLITE, postgresPlaces(server)])("an installation on $name", (kind) => {
  beforeEach(() => begin(kind));

  test("is made once where several open it at the same time", async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => open()));
    for (const { installation } of stores) expect(await installation.projects.list()).toHaveLength(1);
    expect(await taken.run("SELECT edition FROM edition")).toHaveLength(EDITION);
  });

  test("is not made by reading", async () => {
    const { installation } = await open("read");
    expect(await installation.projects.list()).toMatchObject([{ id: "main" }]);
    await expect(taken.run("SELECT * FROM project")).rejects.toThrow();
  });

  test("of a newer Colophon is left alone", async () => {
    await open();
    await taken.run(`INSERT INTO edition (edition, at) VALUES (${EDITION + 1}, 0)`);
    for (const mode of ["read", "write"] as const) {
      await expect(open(mode)).rejects.toMatchObject({ code: "store-newer" });
    }
  });
});

describe("an installation that cannot be opened", () => {
  beforeEach(() => begin(SQLITE));

  test("says so where the file is something else", async () => {
    const { place } = taken;
    if (place.kind !== "sqlite") throw new Error("This place is a file.");
    mkdirSync(dirname(place.file), { recursive: true });
    writeFileSync(place.file, "no database at all, and long enough to be read as the head of one".repeat(20));
    await expect(open()).rejects.toMatchObject({ code: "store-corrupt", message: /installation\.db/ });
  });

  test("says so where no server answers, or the address or schema is none, without telling the password", async () => {
    const at = (url: string, schema = "colophon_installation") =>
      open("write", { kind: "postgres", url, schema });
    await expect(at("postgres://ada:hidden@127.0.0.1:1/colophon")).rejects.toMatchObject({
      code: "store-unavailable",
      message: expect.not.stringContaining("hidden"),
    });
    await expect(at("http://ada:hidden@127.0.0.1/colophon")).rejects.toMatchObject({
      code: "usage",
      message: expect.not.stringContaining("hidden"),
    });
    await expect(at("postgres://127.0.0.1/colophon", "a; DROP TABLE x")).rejects.toThrow(/is no schema/);
  });
});
