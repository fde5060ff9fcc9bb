/** New revisions are heard from whoever commits them, and none is missed while the server is away. */
import { aMetadataDraft } from "@colophon/testkit";
import { expect, test, vi } from "vitest";
import { databaseFor, openOn } from "./filled-store.fixture.ts";
import { usePostgres } from "./postgres-server.fixture.ts";

vi.setConfig({ testTimeout: 120_000 });

const server = usePostgres();
const WAIT = { timeout: 60_000, interval: 5 };

test("A revision is heard when it is committed, by others too, and no more once watching ends", async () => {
  const database = await databaseFor(server());
  const [one, two] = [await openOn(server(), database), await openOn(server(), database)];
  const heard: number[] = [];
  const stop = two.onChange({ onRevision: (revision) => heard.push(revision) });
  const listening = "SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT coalesce(max(revision)%'";
  await vi.waitFor(async () => expect(await server().run(database, listening)).not.toEqual([]), WAIT);
  for (let at = 0; at < 3; at++) {
    const { records } = await one.records.append(() => ({ drafts: [aMetadataDraft()], result: null }));
    await vi.waitFor(() => expect(heard.at(-1)).toBe(records[0]?.revision), WAIT);
  }
  await expect(
    one.records.append(() => ({
      drafts: [aMetadataDraft({ owner: Number.NaN as unknown as string })],
      result: null,
    })),
  ).rejects.toMatchObject({ code: "input-malformed" });
  await stop();
  const end = heard.length;
  await one.records.append(() => ({ drafts: [aMetadataDraft()], result: null }));
  expect(heard).toHaveLength(end);
});

test("What was committed while nothing could be heard is told when it can be again; a store outlives its server's restart", async () => {
  const database = await databaseFor(server());
  const store = await openOn(server(), database);
  const heard: number[] = [];
  const lost: string[] = [];
  store.onChange({
    onRevision: (revision) => heard.push(revision),
    onLost: ({ message }) => lost.push(message),
  });
  await store.records.append(() => ({ drafts: [aMetadataDraft()], result: null }));
  await server().stop();
  await vi.waitFor(() => expect(lost.length).toBeGreaterThan(0), WAIT);
  expect(lost.join(" ")).not.toContain(server().password);
  await expect(store.records.state()).rejects.toMatchObject({ code: "store-unavailable" });
  await server().start();
  const other = await openOn(server(), database);
  const { records } = await other.records.append(() => ({ drafts: [aMetadataDraft()], result: null }));
  await vi.waitFor(() => expect(heard.at(-1)).toBe(records[0]?.revision), WAIT);
  expect((await store.records.state()).revision).toBe(records[0]?.revision);
  expect((await store.care.verify()).findings).toEqual([]);
});
