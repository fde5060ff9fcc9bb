/** The part of LedgerStore's contract that is about captured contents: apart from the row, and for a time. */
import type { CapturedContents, Execution, ExecutionId } from "@colophon/kernel";
import { sha256 } from "@colophon/kernel";
import { expect, test } from "vitest";
import { anExecution } from "../builders/an-execution.ts";
import type { Fresh, OpenedStore } from "./opened-store.ts";

const DAY_MS = 86_400_000;

const CAPTURED: CapturedContents = {
  inputDigest: sha256("the variables"),
  outputDigest: sha256("the answer"),
  variables: '{"ticket":"I was charged twice"}',
  output: "billing",
  days: null,
};

export function contentsContract(open: () => Promise<Fresh<OpenedStore>>): void {
  test("are found by the execution, as far as they were let through", async () => {
    const { ledger, ids } = await open();
    const both = anExecution(ids, { contents: CAPTURED });
    const outputOnly = anExecution(ids, { contents: { ...CAPTURED, variables: null, days: 3 } });
    await ledger.append([both, outputOnly]);
    expect(await ledger.findContents(both.id)).toEqual({ variables: CAPTURED.variables, output: "billing" });
    expect(await ledger.findContents(outputOnly.id)).toEqual({ variables: null, output: "billing" });
  });

  test("are absent where none were captured, and where hashes alone were", async () => {
    const { ledger, ids } = await open();
    const none = anExecution(ids);
    const hashes = anExecution(ids, { contents: { ...CAPTURED, variables: null, output: null } });
    await ledger.append([none, hashes]);
    expect(await ledger.findContents(none.id)).toBeUndefined();
    expect(await ledger.findContents(hashes.id)).toBeUndefined();
    expect(await ledger.findContents(ids.next() as ExecutionId)).toBeUndefined();
    expect(await ledger.findExecution(none.id)).toMatchObject({ inputHash: null, outputHash: null });
    expect((await ledger.findExecution(hashes.id))?.inputHash).toMatch(/^[0-9a-f]{32}$/);
  });

  test("leave keyed hashes in the row: equal for equal contents of the same subjects, mute to anybody else", async () => {
    const [store, elsewhere] = [await open(), await open()];
    const row = async (
      where: Fresh<OpenedStore>,
      user: string,
      contents: CapturedContents,
    ): Promise<Execution> => {
      const draft = anExecution(where.ids, { subjects: { user, tenant: "acme" }, contents });
      await where.ledger.append([draft]);
      return (await where.ledger.findExecution(draft.id)) as Execution;
    };
    const first = await row(store, "ada", CAPTURED);
    const again = await row(store, "ada", { ...CAPTURED, variables: null });
    expect([again.inputHash, again.outputHash]).toEqual([first.inputHash, first.outputHash]);
    expect(first.inputHash).not.toBe(CAPTURED.inputDigest?.slice(0, 32));
    const others = [
      await row(store, "ada", { ...CAPTURED, inputDigest: sha256("other variables") }),
      await row(store, "bob", CAPTURED),
      await row(elsewhere, "ada", CAPTURED),
    ];
    expect(new Set([first, ...others].map(({ inputHash }) => inputHash)).size).toBe(4);
  });

  test("are not stored again, nor lost, when their row is sent again", async () => {
    const { ledger, ids } = await open();
    const draft = anExecution(ids, { contents: CAPTURED });
    await ledger.append([draft]);
    await ledger.append([{ ...draft, contents: { ...CAPTURED, output: "bug" } }]);
    await ledger.append([{ ...draft, contents: null }]);
    expect((await ledger.findContents(draft.id))?.output).toBe("billing");
  });

  test("are purged when their days are over, and not before; those without days stay", async () => {
    const { ledger, care, ids, clock } = await open();
    const short = anExecution(ids, { contents: { ...CAPTURED, days: 1 } });
    const long = anExecution(ids, { contents: { ...CAPTURED, days: 30 } });
    const forever = anExecution(ids, { contents: CAPTURED });
    await ledger.append([short, long, forever]);
    const start = clock.now();
    expect(await care.purgeContents(start + DAY_MS - 1)).toBe(0);
    expect(await ledger.findContents(short.id)).toBeDefined();
    expect(await care.purgeContents(start + DAY_MS + 1)).toBe(1);
    expect(await care.purgeContents(start + DAY_MS + 1)).toBe(0);
    expect(await ledger.findContents(short.id)).toBeUndefined();
    expect(await ledger.findContents(long.id)).toBeDefined();
    expect(await care.purgeContents(start + 1000 * DAY_MS)).toBe(1);
    expect(await ledger.findContents(forever.id)).toBeDefined();
    expect((await ledger.findExecution(short.id))?.outputHash).toMatch(/^[0-9a-f]{32}$/);
    expect((await care.verify()).findings).toEqual([]);
  });

  test("go with the upkeep when their days are over, and what was written since the last seal is sealed", async () => {
    const { ledger, care, ids, clock } = await open();
    const short = anExecution(ids, { contents: { ...CAPTURED, days: 1 } });
    const long = anExecution(ids, { contents: { ...CAPTURED, days: 30 } });
    await ledger.append([short, long]);
    await care.keepUp();
    expect(await care.seal()).toBeUndefined();
    expect(await ledger.findContents(short.id)).toBeDefined();
    clock.advance(DAY_MS + 1);
    await care.keepUp();
    expect(await ledger.findContents(short.id)).toBeUndefined();
    expect(await ledger.findContents(long.id)).toBeDefined();
    expect((await care.verify()).findings).toEqual([]);
  });
}
