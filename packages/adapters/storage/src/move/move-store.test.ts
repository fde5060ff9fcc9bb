/** A store that was moved says the same as before, verifies clean against the same anchor, and goes on from there. */
import { type ExecutionId, errorCodeOf, type SubjectKind, systemClock } from "@colophon/kernel";
import { anActor, anExecution, anOutcome, expectMetricsToAddUp } from "@colophon/testkit";
import { expect, onTestFinished, test } from "vitest";
import { databaseFor, openOn as openOnServer } from "../postgres/filled-store.fixture.ts";
import { usePostgres } from "../postgres/postgres-server.fixture.ts";
import { openSqliteStore } from "../sqlite/open-sqlite-store.ts";
import { filledStore, openOn, SYSTEM_IDS, storeFolder } from "../sqlite/store-folder.fixture.ts";
import { moveStore } from "./move-store.ts";

const server = usePostgres();
const COUNTS = { records: 5, texts: 1, executions: 12, outcomes: 12, starts: 12, gaps: 1 };

async function everything(store: Awaited<ReturnType<typeof openOn>>): Promise<unknown> {
  const { records, ledger } = store;
  const executions = await ledger.listExecutions({ limit: 10_000 });
  const subject = (kind: SubjectKind, value: string) => records.findPseudonym({ kind, value });
  return {
    records: await records.listRecords({}),
    state: await records.state(),
    executions,
    outcomes: await ledger.listOutcomes(executions.map(({ id }) => id)),
    contents: await Promise.all(executions.map(({ id }) => ledger.findContents(id))),
    unfinished: await ledger.listUnfinished(),
    gaps: await ledger.listGaps(),
    rollups: await ledger.listRollups({ by: "window" }),
    subjects: [
      await subject("user", "ada"),
      await subject("tenant", "acme"),
      await subject("document", "doc-3"),
    ],
  };
}

test("Everything comes over, and what is written then goes on from it", async () => {
  const folder = storeFolder();
  await filledStore(folder);
  const sqlite = await openOn(folder);
  await sqlite.care.erase({ kind: "document", value: "doc-2" }, anActor());
  await sqlite.care.seal();
  const anchor = await sqlite.care.anchor();
  const before = await everything(sqlite);
  const database = await databaseFor(server());
  const url = server().url(database);
  const told: number[] = [];
  const onMoved = ({ executions }: { readonly executions: number }) => told.push(executions);
  const counts = await moveStore({ file: folder.file, url, clock: systemClock, onMoved });
  expect(counts).toMatchObject({ ...COUNTS, records: 6 });
  expect(told.at(-1)).toBe(12);
  const moved = await openOnServer(server(), database);
  expect(await everything(moved)).toEqual(before);
  expect((await moved.care.verify({ anchor })).findings).toEqual([]);
  expect((await sqlite.care.verify({ anchor: await moved.care.anchor() })).findings).toEqual([]);
  const [old] = await sqlite.ledger.listExecutions({ limit: 1 });
  const draft = anExecution(SYSTEM_IDS, { subjects: { user: "ada", session: "s" } });
  await moved.ledger.append([draft, anExecution(SYSTEM_IDS, { id: old?.id as ExecutionId })]);
  await moved.ledger.appendOutcomes([anOutcome(SYSTEM_IDS, draft.id)]);
  const row = await moved.ledger.findExecution(draft.id);
  expect([row?.subjects.user, row?.subjects.session]).toEqual([old?.subjects.user, old?.subjects.session]);
  await moved.care.seal();
  await expectMetricsToAddUp(moved.ledger);
  const report = await moved.care.verify({ anchor });
  expect(report).toMatchObject({ executions: 13, findings: [] });
});

test("A move that broke off goes on where it ended, and one that is done has nothing to do", async () => {
  const folder = storeFolder();
  await filledStore(folder);
  const sqlite = await openOn(folder);
  const rows = Array.from({ length: 2500 }, (_, at) => anExecution(SYSTEM_IDS, { latency: at }));
  await sqlite.ledger.append(rows);
  await sqlite.ledger.appendOutcomes(rows.map(({ id }) => anOutcome(SYSTEM_IDS, id)));
  await sqlite.care.seal();
  const database = await databaseFor(server());
  const options = { file: folder.file, url: server().url(database), clock: systemClock };
  for (const [what, most] of [
    ["subjects", 1],
    ["executions", 1000],
    ["outcomes", 2000],
  ] as const) {
    const broken = moveStore({
      ...options,
      onMoved: (moved) => {
        if (moved[what] >= most) throw new Error("broken off");
      },
    });
    await expect(broken).rejects.toThrow("broken off");
  }
  await moveStore(options);
  expect(Object.values(await moveStore(options)).every((count) => count === 0)).toBe(true);
  const moved = await openOnServer(server(), database);
  expect(await everything(moved)).toEqual(await everything(sqlite));
  expect((await moved.care.verify({ anchor: await sqlite.care.anchor() })).findings).toEqual([]);
});

test("Into a database that holds another store nothing is moved", async () => {
  const [folder, other] = [storeFolder(), storeFolder()];
  await filledStore(folder);
  const store = await openSqliteStore({ file: other.file, mode: "create", clock: systemClock });
  onTestFinished(() => store.close());
  const database = await databaseFor(server());
  const url = server().url(database);
  await moveStore({ file: folder.file, url, clock: systemClock });
  let code: unknown;
  try {
    await moveStore({ file: other.file, url, clock: systemClock });
  } catch (error) {
    code = errorCodeOf(error);
  }
  expect(code).toBe("store-unsupported");
});
