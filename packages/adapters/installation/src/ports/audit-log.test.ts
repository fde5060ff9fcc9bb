/** Nobody changes the audit log quietly: the database refuses it, and the chain tells of what slipped past. */
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import { fixedClock, seededRandom } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { postgresPlaces, SQLITE, type TakenPlace } from "../installation-place.fixture.ts";
import { type InstallationStore, openInstallationStore } from "../open-installation-store.ts";

const server = usePostgres();

describe.each([SQLITE, postgresPlaces(server)])("the audit log on $name", (kind) => {
  let taken: TakenPlace;
  let store: InstallationStore;
  beforeEach(async () => {
    taken = await kind.take();
    const parts = { clock: fixedClock(), random: seededRandom("audit"), masterKey: null };
    store = await openInstallationStore({ place: taken.place, mode: "write", ...parts });
    for (const target of ["one", "two", "three", "four"]) {
      await store.installation.audit.append({
        ...{ actor: { id: "ada", via: "cli" }, project: "main", environment: null, action: "release.create" },
        ...{ target, allowed: true, detail: null },
      });
    }
  });
  afterEach(async () => {
    await store.installation.close();
    await taken.giveBack();
  });

  const verify = () => store.installation.audit.verify();

  test.each([
    "UPDATE audit SET actor = 'eve' WHERE n = 2",
    "UPDATE audit SET detail = NULL",
    "DELETE FROM audit WHERE n = 4",
    "DELETE FROM audit",
    ...(kind === SQLITE
      ? ["REPLACE INTO audit SELECT * FROM audit WHERE n = 2"]
      : ["TRUNCATE audit", "TRUNCATE audit CASCADE"]),
    "INSERT INTO audit SELECT 9, at, actor, via, project, environment, action, target, allowed, detail, chain FROM audit WHERE n = 1",
  ])("refuses %s", async (sql) => {
    await expect(taken.run(sql)).rejects.toThrow(/append-only/);
    expect(await verify()).toEqual({ entries: 4, broken: [] });
  });

  test("names the entry that somebody has changed past all guards", async () => {
    await unguard();
    await taken.run("UPDATE audit SET actor = 'eve' WHERE n = 2");
    expect(await verify()).toEqual({ entries: 4, broken: [2] });
  });

  test("names the entry that somebody has taken out, and the one that followed it", async () => {
    await unguard();
    await taken.run("DELETE FROM audit WHERE n = 2");
    expect(await verify()).toEqual({ entries: 3, broken: [2, 3] });
  });

  /** As only the owner of the tables can. */
  async function unguard(): Promise<void> {
    if (kind === SQLITE) {
      for (const name of ["update", "delete"]) await taken.run(`DROP TRIGGER audit_no_${name}`);
    } else await taken.run("ALTER TABLE audit DISABLE TRIGGER append_only");
  }
});
