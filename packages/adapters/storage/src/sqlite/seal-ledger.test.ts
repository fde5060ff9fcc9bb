/** A seal says where every chain stands that moved, and reads no more of the ledger than what moved. */
import { systemClock } from "@colophon/kernel";
import { anExecution, anOutcome } from "@colophon/testkit";
import { expect, test } from "vitest";
import { openLedgerWriter } from "./ledger-writer.ts";
import { openSqliteCore } from "./open-sqlite-core.ts";
import { SYSTEM_IDS, storeFolder } from "./store-folder.fixture.ts";
import { verifyStore } from "./verify/verify-store.ts";

test("A chain that did not move stands where the newest seal with its writer left it, also when its rows are gone", async () => {
  const { file, onDone } = storeFolder();
  const core = openSqliteCore({ file, mode: "create", clock: systemClock });
  onDone(() => core.close());
  const [one, two] = [openLedgerWriter(core), openLedgerWriter(core)];
  const row = anExecution(SYSTEM_IDS);
  one.append(row);
  const first = one.seal()?.heads[0];
  two.append(anExecution(SYSTEM_IDS));
  two.seal();
  core.db.exec("DROP TRIGGER execution_no_delete; DELETE FROM execution WHERE n = 1");
  one.appendOutcome(anOutcome(SYSTEM_IDS, row.id));
  const last = one.seal()?.heads[0];
  expect(first).toMatchObject({ executions: 1, outcomes: 0 });
  expect(last).toMatchObject({ ...first, outcomes: 1, outcomeChain: expect.any(String) });
});

test("Seals of writers that move by turns, in one chain or in both, verify", async () => {
  const { file, onDone } = storeFolder();
  const core = openSqliteCore({ file, mode: "create", clock: systemClock });
  onDone(() => core.close());
  const writers = [openLedgerWriter(core), openLedgerWriter(core), openLedgerWriter(core)];
  for (let turn = 0; turn < 12; turn++) {
    const writer = writers[turn % 3];
    const row = anExecution(SYSTEM_IDS);
    if (turn % 2 === 0) writer?.append(row);
    if (turn % 4 !== 0) writer?.appendOutcome(anOutcome(SYSTEM_IDS, row.id));
    writer?.seal();
  }
  const { seals, writers: chained, findings } = await verifyStore({ file, clock: systemClock }, undefined);
  expect({ seals, chained, findings }).toEqual({ seals: 12, chained: 3, findings: [] });
});
