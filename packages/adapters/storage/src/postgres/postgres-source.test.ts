/** A resolver follows a store on PostgreSQL by what it hears, or by looking, and goes on after an outage. */
import type { SnapshotChange } from "@colophon/kernel";
import { aReleaseDraft, aText, aVersionDraft, snapshotSourceContract } from "@colophon/testkit";
import { expect, onTestFinished, test, vi } from "vitest";
import { createRecordsSource } from "../shared/records-source.ts";
import { emptyStore } from "./emptied-store.fixture.ts";
import { databaseFor, openOn } from "./filled-store.fixture.ts";
import { openPostgresStore } from "./open-postgres-store.ts";
import { usePostgres } from "./postgres-server.fixture.ts";

vi.setConfig({ testTimeout: 120_000 });

const server = usePostgres();
const WAIT = { timeout: 60_000, interval: 5 };
/** So long that nothing is seen unless it is heard. */
const NEVER_MS = 3_600_000;

/** Each store but the first lies in the tables of one that a test is done with. */
const used: string[] = [];

async function placeFor(parts: Parameters<typeof emptyStore>[1]): Promise<string> {
  const url = used.pop();
  return url !== undefined && (await emptyStore({ url }, parts))
    ? url
    : server().url(await server().takeDatabase());
}

for (const [name, heard] of [
  ["the source of the store on PostgreSQL, that hears", true],
  ["the source of the store on PostgreSQL, that looks", false],
] as const) {
  snapshotSourceContract({
    name,
    first: "soon",
    async open(parts) {
      const url = await placeFor(parts);
      const { records, care, onChange, close } = await openPostgresStore({
        url,
        mode: "create",
        ...parts,
      });
      const source = createRecordsSource(
        heard ? { records, onChange, pollMs: NEVER_MS } : { records, pollMs: 5 },
      );
      let disposed = false;
      const dispose = async (): Promise<void> => {
        if (disposed) return;
        disposed = true;
        await source.close();
        await close();
        used.push(url);
      };
      return { source, records, care, dispose };
    },
  });
}

test("While the server is away the source says so once, and what was released meanwhile comes when it is back", async () => {
  const database = await databaseFor(server());
  const store = await openOn(server(), database);
  const text = aText();
  await store.records.append(() => ({
    drafts: [aVersionDraft(text), aVersionDraft(text, { version: 2 }), aReleaseDraft()],
    texts: [text],
    result: null,
  }));
  const told: string[] = [];
  const notices: string[] = [];
  const fed: SnapshotChange[] = [];
  const source = createRecordsSource({
    records: store.records,
    onChange: store.onChange,
    pollMs: 20,
    onNotice: (message) => notices.push(message),
  });
  onTestFinished(() => source.close());
  source.start({
    onSnapshot: (document) => void fed.push(document),
    onChange: (change) => void fed.push(change),
    onLost: () => void told.push("lost"),
    onRecovered: () => void told.push("recovered"),
  });
  await vi.waitFor(() => expect(fed).toHaveLength(1), WAIT);
  await server().stop();
  await vi.waitFor(() => expect(told).toEqual(["lost"]), WAIT);
  expect(notices).toEqual([expect.stringMatching(/goes on being served\.$/)]);
  await server().start();
  const other = await openOn(server(), database);
  const { records } = await other.records.append(() => ({
    drafts: [aReleaseDraft({ version: 2 })],
    result: null,
  }));
  await vi.waitFor(() => expect(fed.at(-1)?.revision).toBe(records[0]?.revision), WAIT);
  await vi.waitFor(() => expect(told.at(-1)).toBe("recovered"), WAIT);
  expect(Object.values(fed.at(-1)?.prompts ?? {})[0]?.releases.production?.version).toBe(2);
  expect(notices.join(" ")).not.toContain(server().password);
});
