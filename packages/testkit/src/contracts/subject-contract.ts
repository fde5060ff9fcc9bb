/** The part of RecordStore's contract that is about who calls were for. */
import { type Pseudonym, SUBJECT_KINDS, type Subject } from "@colophon/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fresh, OpenedStore } from "./opened-store.ts";

const ADA: Subject = { kind: "user", value: "ada@example.org" };

export function subjectContract(open: () => Promise<Fresh<OpenedStore>>): void {
  test("knows no pseudonym until one is asked to be made", async () => {
    const { records } = await open();
    expect(await records.findPseudonym(ADA)).toBeUndefined();
    expect(await records.findPseudonym(ADA)).toBeUndefined();
    expect(await records.findPseudonym(ADA, { create: true })).toMatch(/^[0-9a-f]{32}$/);
  });

  test("gives a subject the same pseudonym from then on, from every opening", async () => {
    const store = await open();
    const other = await store.again();
    const made = await Promise.all([
      store.records.findPseudonym(ADA, { create: true }),
      other.records.findPseudonym(ADA, { create: true }),
      store.records.findPseudonym(ADA, { create: true }),
    ]);
    expect(new Set(made).size).toBe(1);
    expect(await store.records.findPseudonym(ADA)).toBe(made[0]);
    expect(await other.records.findPseudonym(ADA)).toBe(made[0]);
  });

  test("gives the same id under each kind of subject a pseudonym of its own", async () => {
    const { records } = await open();
    const made = new Set<unknown>();
    for (const kind of SUBJECT_KINDS)
      made.add(await records.findPseudonym({ kind, value: "x" }, { create: true }));
    expect(made.size).toBe(SUBJECT_KINDS.length);
  });

  test("gives the same subject unlike pseudonyms in two stores", async () => {
    const [one, two] = [await open(), await open()];
    const first = await one.records.findPseudonym(ADA, { create: true });
    expect(await two.records.findPseudonym(ADA, { create: true })).not.toBe(first);
  });

  test("tells the plain ids of its pseudonyms, and nothing of unknown ones", async () => {
    const { records } = await open();
    const ada = (await records.findPseudonym(ADA, { create: true })) as Pseudonym;
    const type = (await records.findPseudonym(
      { kind: "documentType", value: "invoice" },
      { create: true },
    )) as Pseudonym;
    const unknown = "0".repeat(32) as Pseudonym;
    expect(new Map(await records.listSubjects([type, unknown, ada]))).toEqual(
      new Map([
        [ada, "ada@example.org"],
        [type, "invoice"],
      ]),
    );
    expect((await records.listSubjects([])).size).toBe(0);
  });

  test("hides any id whatsoever behind its pseudonym and finds it again", async () => {
    const { records } = await open();
    const subject = fc.record({
      kind: fc.constantFrom(...SUBJECT_KINDS),
      value: fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(subject, async (one) => {
        const pseudonym = (await records.findPseudonym(one, { create: true })) as Pseudonym;
        expect(pseudonym).toMatch(/^[0-9a-f]{32}$/);
        expect(pseudonym).not.toBe(one.value);
        expect((await records.listSubjects([pseudonym])).get(pseudonym)).toBe(one.value);
      }),
    );
  });
}
